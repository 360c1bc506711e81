/// Codes the keypoints of a unit's pictures (`Protocol/keypoints.md`, section 7).
///
/// The choice of numbers is in floating point and the encoder's own; what a decoder makes of them is
/// returned with the unit, bit for bit.
public struct KeypointEncoder: Sendable {
    /// The tables that both ends have.
    public let tables: KeypointTables

    /// State to components, `size × size`, row by row.
    private let analysis: [Double]
    private let costs: NumberCosts

    /// What a bit costs, in squared steps, where numbers are rounded: of 0, 0.12 and 0.2, what was best in
    /// bits for the same distance (Examples/Measurements/keypoint-coding).
    private static let weight = 0.12

    /// Makes an encoder.
    ///
    /// - Throws: ``KeypointTablesError/singularBasis``.
    public init(_ tables: KeypointTables) throws(KeypointTablesError) {
        guard let inverse = inverse(tables.basis.map(Double.init), size: tables.size) else {
            throw .singularBasis
        }
        self.tables = tables
        analysis = inverse
        costs = NumberCosts(tables)
    }

    /// A state in units of the metric: the squared distance of two tells how unlike the pictures look.
    ///
    /// - Throws: ``KeypointCodingError/keypointCount(expected:found:)``.
    public func components(of state: KeypointState) throws(KeypointCodingError) -> [Double] {
        try check(state)
        let size = tables.size
        return (0..<size).map { row in
            var sum = 0.0
            for column in 0..<size {
                sum += analysis[row * size + column] * Double(state.values[column])
            }
            return sum
        }
    }

    /// Codes the pictures of a unit.
    ///
    /// - Parameters:
    ///   - pictures: 1 to 6 consecutive pictures.
    ///   - step: how finely.
    ///   - reference: the keypoints to predict from, as the receiver has decoded them.
    ///   - kind: what these are of.
    /// - Returns: the unit, and what a decoder will make of it.
    /// - Throws: ``KeypointCodingError``.
    public func encode(
        _ pictures: [KeypointState], step: QuantizerStep, reference: KeypointState,
        kind: ReferenceKind
    ) throws(KeypointCodingError) -> (payload: [UInt8], states: [KeypointState]) {
        let numbers = try numbers(pictures, step: step, reference: reference, kind: kind)
        return (
            numbers.encoded(kind, tables: tables), numbers.states(from: reference, tables: tables)
        )
    }

    /// Chooses the numbers of a unit.
    private func numbers(
        _ pictures: [KeypointState], step: QuantizerStep, reference: KeypointState,
        kind: ReferenceKind
    ) throws(KeypointCodingError) -> KeypointNumbers {
        let count = pictures.count
        guard let levels = tables.levels(kind, pictureCount: count) else {
            throw .pictureCount(count)
        }
        let base = try components(of: reference)
        var moves: [[Double]] = []
        for picture in pictures {
            moves.append(zip(try components(of: picture), base).map { $0 - $1 })
        }
        let width = Double(step.size) / 65536
        let time = tables.time[count - 1].map { Double($0) / 16384 / width }
        var statistics = NumberStatistics(tables)
        var values = [Int](repeating: 0, count: levels.count)
        for (index, atStepZero) in levels.enumerated() {
            guard let level = NumberStatistics.level(atStepZero, step) else { continue }
            let (frequency, component) = index.quotientAndRemainder(dividingBy: tables.size)
            var exact = 0.0
            for picture in 0..<count {
                exact += time[frequency * count + picture] * moves[picture][component]
            }
            let best = magnitude(nearest: abs(exact), at: statistics.place(level))
            statistics.learn(level, magnitude: best)
            values[index] = exact < 0 ? -best : best
        }
        return KeypointNumbers(values: values, step: step, pictureCount: count)
    }

    /// Of the nearest magnitude, the next smaller one and zero, the one that is worth its bits.
    private func magnitude(nearest exact: Double, at place: Int) -> Int {
        let nearest = Int(min(exact.rounded(), Double(KeypointNumbers.largest)))
        var best = nearest
        var least = Double.infinity
        for candidate in [nearest, max(nearest - 1, 0), 0] {
            let error = exact - Double(candidate)
            let cost = error * error + Self.weight * costs.bits(candidate, at: place)
            if cost < least { (best, least) = (candidate, cost) }
        }
        return best
    }

    private func check(_ state: KeypointState) throws(KeypointCodingError) {
        guard state.count == tables.keypointCount else {
            throw .keypointCount(expected: tables.keypointCount, found: state.count)
        }
    }
}
