import KeypointCoding
import Media

/// States that move about like a head's keypoints, or in any other way.
struct Motion {
    private var random: SplitMix64
    private var values: [Double]

    init(seed: UInt64, tables: KeypointTables) {
        random = SplitMix64(seed: seed)
        values = tables.mean.values.map(Double.init)
    }

    /// The next picture: all keypoints move together, each a little by itself; `wildness` is how many
    /// pixels of 256 at most.
    mutating func next(wildness: Double = 2) -> KeypointState {
        let shift = [random.unit() - 0.5, random.unit() - 0.5]
        for index in values.indices {
            let units = index % 3 == 2 ? 4096 / 50.0 : 64.0
            let together = index % 3 == 2 ? 0 : shift[index % 3]
            let alone = (random.unit() - 0.5) * 0.2
            values[index] += 2 * units * wildness * (together + alone)
            let end = index % 3 == 2 ? 4096.0 : 16384.0
            values[index] = max(0, min(end, values[index]))
        }
        return KeypointState(values: values.map { Int16($0) })
    }

    /// A state anywhere at all.
    mutating func anywhere() -> KeypointState {
        KeypointState(values: values.map { _ in Int16(truncatingIfNeeded: random.next()) })
    }

    mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}
