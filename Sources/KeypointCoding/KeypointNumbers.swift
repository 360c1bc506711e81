/// The whole numbers that a unit holds, and its step (`Protocol/keypoints.md`, section 5).
package struct KeypointNumbers: Hashable, Sendable {
    /// All numbers of the pictures' first component, then of the second, …: `pictureCount × size`.
    package let values: [Int]
    /// The step that they are multiples of.
    package let step: QuantizerStep
    /// How many pictures they are for.
    package let pictureCount: Int

    /// Magnitudes below this are coded by probabilities alone.
    static let directEnd = 15
    /// The longest prefix of the rest of larger ones.
    static let longestPrefix = 12
    /// The largest magnitude that can be coded.
    static let largest = directEnd - 1 + (2 << longestPrefix) - 1

    init(values: [Int], step: QuantizerStep, pictureCount: Int) {
        self.values = values
        self.step = step
        self.pictureCount = pictureCount
    }

    /// Decodes a unit; `payload` comes from the network and may be anything.
    package init(
        decoding payload: [UInt8], pictureCount: Int, kind: ReferenceKind, tables: KeypointTables
    ) throws(KeypointCodingError) {
        guard !payload.isEmpty else { throw .empty }
        guard let levels = tables.levels(kind, pictureCount: pictureCount) else {
            throw .pictureCount(pictureCount)
        }
        var coder = RangeDecoder(payload)
        var index = 0
        for _ in 0..<QuantizerStep.bitCount { index = index << 1 | (coder.decode() ? 1 : 0) }
        // Four bits always name a step.
        let step = QuantizerStep(index: index) ?? .standard
        var statistics = NumberStatistics(tables)
        values = levels.map { atStepZero in
            guard let level = NumberStatistics.level(atStepZero, step) else { return 0 }
            let place = statistics.place(level)
            guard coder.decode(one: tables.ones[place]) else {
                statistics.learn(level, magnitude: 0)
                return 0
            }
            let isNegative = coder.decode()
            let magnitude = Self.magnitude(
                &coder, more: tables.ones[place + 1], again: tables.ones[place + 2])
            statistics.learn(level, magnitude: magnitude)
            return isNegative ? -magnitude : magnitude
        }
        self.step = step
        self.pictureCount = pictureCount
    }

    /// Decodes a magnitude that is not zero.
    private static func magnitude(
        _ coder: inout RangeDecoder, more: UInt16, again: UInt16
    ) -> Int {
        guard coder.decode(one: more) else { return 1 }
        var magnitude = 2
        while magnitude < directEnd, coder.decode(one: again) { magnitude += 1 }
        guard magnitude == directEnd else { return magnitude }
        var length = 0
        while length < longestPrefix, coder.decode() { length += 1 }
        var rest = 1
        for _ in 0..<length { rest = rest << 1 | (coder.decode() ? 1 : 0) }
        return rest + directEnd - 1
    }

    /// The unit that holds these numbers; numbers too small to be sent must be zero.
    package func encoded(_ kind: ReferenceKind, tables: KeypointTables) -> [UInt8] {
        var coder = RangeEncoder()
        for bit in (0..<QuantizerStep.bitCount).reversed() {
            coder.encode(step.index >> bit & 1 == 1)
        }
        var statistics = NumberStatistics(tables)
        let levels = tables.levels(kind, pictureCount: pictureCount) ?? []
        for (value, atStepZero) in zip(values, levels) {
            guard let level = NumberStatistics.level(atStepZero, step) else { continue }
            let place = statistics.place(level)
            let magnitude = min(value.magnitude, UInt(Self.largest))
            coder.encode(magnitude > 0, one: tables.ones[place])
            if magnitude > 0 {
                coder.encode(value < 0)
                Self.encode(
                    Int(magnitude), with: &coder, more: tables.ones[place + 1],
                    again: tables.ones[place + 2])
            }
            statistics.learn(level, magnitude: Int(magnitude))
        }
        return coder.finish()
    }

    /// Codes a magnitude that is not zero.
    private static func encode(
        _ magnitude: Int, with coder: inout RangeEncoder, more: UInt16, again: UInt16
    ) {
        coder.encode(magnitude > 1, one: more)
        guard magnitude > 1 else { return }
        for size in 2..<directEnd {
            coder.encode(magnitude > size, one: again)
            guard magnitude > size else { return }
        }
        let rest = magnitude - directEnd + 1
        let length = Int.bitWidth - 1 - rest.leadingZeroBitCount
        for index in 0..<min(length + 1, longestPrefix) { coder.encode(index < length) }
        for index in (0..<length).reversed() { coder.encode(rest >> index & 1 == 1) }
    }
}
