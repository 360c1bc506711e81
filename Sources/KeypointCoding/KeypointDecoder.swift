/// Turns units back into keypoints, bit-exactly (`Protocol/keypoints.md`).
public struct KeypointDecoder: Sendable {
    /// The tables that both ends have.
    public let tables: KeypointTables

    /// Makes a decoder.
    public init(_ tables: KeypointTables) { self.tables = tables }

    /// Decodes the pictures of a unit; `payload` comes from the network and may be anything.
    ///
    /// - Parameters:
    ///   - payload: the unit.
    ///   - pictureCount: how many pictures it is for, 1…6.
    ///   - reference: the keypoints that it is predicted from, as decoded.
    ///   - kind: what these are of.
    /// - Throws: ``KeypointCodingError``. All bytes but none at all decode to something.
    public func decode(
        _ payload: [UInt8], pictureCount: Int, reference: KeypointState, kind: ReferenceKind
    ) throws(KeypointCodingError) -> [KeypointState] {
        guard reference.count == tables.keypointCount else {
            throw .keypointCount(expected: tables.keypointCount, found: reference.count)
        }
        let numbers = try KeypointNumbers(
            decoding: payload, pictureCount: pictureCount, kind: kind, tables: tables)
        return numbers.states(from: reference, tables: tables)
    }
}
