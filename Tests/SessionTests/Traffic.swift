import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// A sender's media on a virtual clock: pictures and voice in step, as a plan has them.
struct Traffic {
    let plan: CallPlan
    /// Bytes of keypoints in a unit, and of voice in a datagram.
    var keypointBytes: (inout SplitMix64) -> Int = { 10 + Int($0.next() % 6) }
    var voiceBytes: (inout SplitMix64) -> Int = { 85 + Int($0.next() % 12) }
    var random: SplitMix64
    private var place = 0

    init(_ plan: CallPlan, seed: UInt64) {
        self.plan = plan
        random = SplitMix64(seed: seed)
    }

    /// A pair whose sender promises the plan's rate.
    func pair(_ conditions: LinkConditions, seed: UInt64, playout: Playout = .live) throws -> Pair {
        try Pair(
            conditions, seed: seed, playout: playout, hasSound: plan.voiceBitrate != nil,
            rate: plan.rate, interval: plan.interval)
    }

    /// Sends media for a while, in real time, with what the receiver has acknowledged.
    mutating func run(_ pair: inout Pair, for duration: Duration) throws {
        let end = pair.now.advanced(by: duration)
        while pair.now < end {
            pair.run(for: plan.interval)
            let pictures = plan.picturesPerDatagram
            if let packet = VoicePacket(
                [3 << 3 | 1] + [UInt8](repeating: 7, count: max(1, voiceBytes(&random)) - 1)),
                let voice = CodedVoice(
                    start: VoiceTick(UInt32(place * plan.ticksPerDatagram)), packet: packet)
            {
                pair.sender.add(.voice(voice), at: pair.now)
            }
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(place * pictures)), pictureCount: pictures,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: [UInt8](repeating: 5, count: max(1, keypointBytes(&random)))))
            pair.sender.add(.keypoints(unit), at: pair.now)
            place += 1
            pair.run(until: pair.now)
        }
    }

    /// The most bytes that any two seconds hold, both ends counted.
    static func largestWindow(_ sends: [(Instant, Int)]) -> Int {
        var largest = 0
        var first = 0
        var total = 0
        for (instant, bytes) in sends {
            total += bytes
            while instant.since(sends[first].0) > RatePromise.window {
                total -= sends[first].1
                first += 1
            }
            largest = max(largest, total)
        }
        return largest
    }
}
