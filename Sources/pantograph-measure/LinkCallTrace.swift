import Media
import Pipeline

/// What happened in a call and when, as lines of JSON in the order of time.
///
/// Decisions are the lines that a real sender writes with `--statistics`: `source`
/// (``SourceLine``) and `fallback` (``FallbackLine``).
struct LinkCallTrace {
    /// How things stood; one each second.
    private struct Second: Encodable {
        let kind = "second"
        /// Seconds since the first picture.
        let time: Double
        /// Sent since the line before, headers counted; what the link is thought to carry; what the plan is for.
        let kilobitsPerSecond, target, plan: Double
        /// Milliseconds: how long datagrams wait on their way, and pictures at the receiver.
        let queueing, playout: Double
    }

    /// A picture that was due.
    private struct Picture: Encodable {
        let kind = "picture"
        let time: Double
        let picture: Int
        /// Milliseconds since it was taken.
        let delay: Double
        /// `keypoints`, `madeUp`, `stream`, or `held`: none of its own.
        let shown: String
        /// Of those that were measured.
        let lpips, psnr: Double?
    }

    let trace: SimulationTrace
    let quality: [PictureQuality]

    /// Writes all lines; throws `ReportError` where that fails.
    func write(to path: String) throws {
        let writer = try JSONLinesWriter(path: path)
        var lines = [(time: Double, line: any Encodable)]()
        lines += trace.looks.map { ($0.time, $0) }
        lines += trace.asides.map { ($0.time, $0) }
        lines += seconds.map { ($0.time, $0) }
        lines += pictures.map { ($0.time, $0) }
        for (_, line) in lines.sorted(by: { $0.time < $1.time }) { writer.write(line) }
        if let failure = writer.failure { throw failure }
    }

    private var seconds: [Second] {
        zip(trace.moments.dropFirst(), trace.moments).map { later, earlier in
            let sent = DataSize(bytes: later.wire.bytes - earlier.wire.bytes)
            return Second(
                time: round3(later.time.seconds),
                kilobitsPerSecond: round3(
                    Bitrate(sent, over: later.time - earlier.time).kilobitsPerSecond),
                target: round3(later.target.kilobitsPerSecond),
                plan: round3(later.plan.kilobitsPerSecond),
                queueing: round3(later.queueing.milliseconds),
                playout: round3(later.playout.milliseconds))
        }
    }

    private var pictures: [Picture] {
        let measured = Dictionary(quality.map { ($0.picture, $0) }) { $1 }
        return trace.shown.map { shown in
            let number = Int(shown.picture.rawValue)
            let what =
                shown.isWhole
                ? "keypoints" : shown.isMadeUp ? "madeUp" : shown.isStreamed ? "stream" : "held"
            return Picture(
                time: round3(shown.time.seconds), picture: number,
                delay: round3(shown.delay.milliseconds), shown: what,
                lpips: measured[number]?.lpips.map(round3),
                psnr: measured[number].map { round3($0.psnr) })
        }
    }

    private func round3(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
