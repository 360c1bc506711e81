import Media

/// Says that the call has sound (`Protocol/packets.md`, section 3.2).
public struct SoundFrame: Hashable, Sendable {
    /// What the sound is coded with.
    public enum Codec: UInt64, Hashable, Sendable {
        /// Opus (RFC 6716), one channel.
        case opus = 1
    }

    /// What the sound is coded with.
    public let codec: Codec

    /// Makes the statement.
    public init(codec: Codec = .opus) { self.codec = codec }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let value = try cursor.integer(bytes)
        guard let codec = Codec(rawValue: value) else {
            throw .valueOutOfRange(field: .soundCodec, value: value)
        }
        self.codec = codec
    }

    func append(to bytes: inout [UInt8]) { bytes.append(integer: codec.rawValue) }
}
