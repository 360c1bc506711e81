import Media
import Session

/// What a call leaves for sources: what may be sent, less what goes on everything else.
struct SourceRoom {
    private var spent: [(time: Duration, bytes: Int)] = []
    private let expected: Bitrate

    /// As long as the promise's window (`Protocol/packets.md`, section 4.4).
    private static let window = Duration.seconds(2)
    /// The pacer leaves so much of the promise unused.
    private static let usableShare = 0.93

    /// Begins with what the plan expects.
    init(_ plan: CallPlan) {
        expected = plan.roomForSources
    }

    /// The rate for sources.
    ///
    /// - Parameters:
    ///   - rate: what may be sent at present, headers counted.
    ///   - wire: what was sent so far, headers counted.
    ///   - sources: what of it was sources.
    ///   - time: now, on any clock that the calls share.
    mutating func rate(
        of rate: Bitrate, wire: DataSize, sources: DataSize, at time: Duration
    ) -> Bitrate {
        spent.append((time, max(0, wire.bytes - sources.bytes)))
        while spent.count > 2, time - spent[1].time >= Self.window { spent.removeFirst() }
        guard let first = spent.first, time - first.time >= Self.window / 2 else {
            return min(expected, rate)
        }
        let others = Bitrate(
            DataSize(bytes: max(0, wire.bytes - sources.bytes - first.bytes)),
            over: time - first.time)
        return Bitrate(
            bitsPerSecond: max(0, rate.bitsPerSecond * Self.usableShare - others.bitsPerSecond))
    }
}
