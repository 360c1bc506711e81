import Media
import WireFormat

/// What datagrams of a plan take, on the side of caution.
struct PlanCosts {
    let rate: Bitrate
    let pictureRate: PictureRate
    /// IP, UDP, and the datagram's own header and seal.
    let overhead: Int

    /// Whether the rate is promised: bursts then need room, too.
    let isPromise: Bool

    init(rate: Bitrate, pictureRate: PictureRate, headers: DataSize, isPromise: Bool) {
        self.rate = rate
        self.isPromise = isPromise
        self.pictureRate = pictureRate
        overhead = headers.bytes + WireConstants.datagramOverhead
    }

    /// Keypoints of so many pictures can be coded together (`Protocol/keypoints.md`).
    private static let largestUnit = 6
    /// So much of the rate may be headers before datagrams become rarer.
    private static let headerShare = 0.2

    /// Numbers of pictures whose time is a whole number of ticks, at most `largest`; one where there is
    /// no such number.
    private func counts(upTo largest: Duration) -> [Int] {
        let counts = (1...Self.largestUnit).filter {
            ($0 * VoiceTick.perSecond).isMultiple(of: pictureRate.picturesPerSecond)
                && pictureRate.interval * $0 <= largest + .milliseconds(1)
        }
        return counts.isEmpty ? [1] : counts
    }

    /// As few as the share of headers allows, and 120 ms at most.
    var usualPictureCount: Int {
        counts(upTo: .milliseconds(120)).first { count in
            let headers = Bitrate(DataSize(bytes: overhead), over: pictureRate.interval * count)
            return headers.bitsPerSecond <= rate.bitsPerSecond * Self.headerShare
        } ?? largestUsualPictureCount
    }

    /// 120 ms, the most that a conversation bears well.
    var largestUsualPictureCount: Int { counts(upTo: .milliseconds(120)).last ?? 1 }

    /// 240 ms: where nothing else helps.
    var longestPictureCount: Int {
        counts(upTo: .milliseconds(240)).last ?? largestUsualPictureCount
    }

    /// How a datagram may be filled.
    typealias Choice = (pictures: Int, stride: Int, voice: Int?, step: Int)

    /// Ways to fill datagrams, the best first; sound is given up last.
    func choices(voices: [Int?], step: Int) -> [Choice] {
        let usual = largestUsualPictureCount
        let longest = longestPictureCount
        var choices: [Choice] = []
        for voice in voices.prefix(2) {
            for pictures in [usualPictureCount, usual, longest] {
                choices += [(pictures, 1, voice, step), (pictures, 1, voice, max(step, 9))]
            }
        }
        // A picture each 120 ms is the fewest that can be seen to move; fewer look like freezes. Where the link
        // sets the rate, pictures that take from the voice move for moments only: a clear still is better.
        for voice in voices.prefix(isPromise ? voices.count : 2) {
            choices += [(usual, usual, voice, 10), (longest, usual, voice, 10)]
        }
        for voice in voices { choices.append((longest, 0, voice, 15)) }
        return choices + [(longest, 1, nil, 10), last]
    }

    /// What is left where nothing else fits.
    var last: Choice { (longestPictureCount, largestUsualPictureCount, nil, 12) }

    /// Whether datagrams of this kind keep within what each of them may have.
    func fits(_ pictures: Int, stride: Int, voice: Int?, step: Int) -> Bool {
        let interval = pictureRate.interval * pictures
        let pacer =
            isPromise
            ? Pacer(promise: rate, interval: interval) : Pacer(target: rate, interval: interval)
        let room = pacer.datagramSize - overhead
        return payload(pictures, stride: stride, voice: voice, step: step) <= room
    }

    /// What datagrams of this kind take a second, headers counted.
    func bitsPerSecond(pictures: Int, stride: Int, voice: Int?, step: Int) -> Double {
        let size = overhead + payload(pictures, stride: stride, voice: voice, step: step)
        return Double(size * 8) / (pictureRate.interval * pictures).seconds
    }

    /// The bytes of keypoints and voice in a datagram.
    private func payload(_ pictures: Int, stride: Int, voice: Int?, step: Int) -> Int {
        let interval = pictureRate.interval * pictures
        var size = 0
        if stride > 0 {
            let sent = (pictures + stride - 1) / stride
            size += 6 + Int((bitsPerPicture(step) * Double(sent) / 8).rounded(.up))
        }
        if let voice {
            // A packet of Opus holds 120 ms; its rate varies by some percent.
            let packets = max(1, Int((interval.seconds / 0.12).rounded(.up)))
            size += packets * 3 + Int((Double(voice) * 1.02 * interval.seconds / 8).rounded(.up))
        }
        return size
    }

    /// Measured at three pictures a datagram: 0.95 kbit/s at step 8, and a quarter octave finer costs
    /// an eighth more.
    private func bitsPerPicture(_ step: Int) -> Double {
        var bits = 38.0
        for _ in 0..<max(0, 8 - step) { bits *= 1.125 }
        for _ in 0..<max(0, step - 8) { bits /= 1.125 }
        return bits
    }
}
