public import Media

/// How a call uses its rate: what goes into each datagram, how finely, and what is left for sources.
///
/// A pure value: the same rate gives the same plan. Where the rate is too low for what is asked, the plan
/// holds what fits, and ``shortfalls`` says what does not.
public struct CallPlan: Hashable, Sendable {
    /// What is asked for and does not fit.
    public enum Shortfall: Hashable, Sendable {
        /// Only each so-many-th picture is sent.
        case fewerPictures(every: Int)
        /// No pictures are sent, only sound.
        case noPictures
        /// No sound is sent: not even a voice alone fits.
        case noSound
    }

    /// The rate that is promised, headers counted.
    public let rate: Bitrate
    /// The sender's pictures a second.
    public let pictureRate: PictureRate
    /// Pictures taken in the time of a datagram.
    public var picturesPerDatagram: Int { didSet { wishes.pictures = picturesPerDatagram } }
    /// Each so-many-th of them is sent; 0 where none is.
    public let pictureStride: Int
    /// Bits a second for the voice, without headers; nothing for a call without sound.
    public let voiceBitrate: Int?
    /// How finely keypoints are sent: 0 (finest) … 15, in steps of a quarter octave.
    public var keypointStep: Int { didSet { wishes.step = keypointStep } }
    /// AV1's quantiser for sources, 0 (finest) … 63.
    public var sourceQuantizer: Int { didSet { wishes.quantizer = sourceQuantizer } }
    /// The side in pixels of the small first source.
    public let coarseSide: Int
    /// What does not fit.
    public let shortfalls: [Shortfall]
    /// What was asked for, whatever the rate.
    private var wishes: Wishes

    private struct Wishes: Hashable {
        let hasSound: Bool
        let headers: DataSize
        let voiceBitrate: Int?
        var pictures: Int?
        var step: Int?
        var quantizer: Int?
    }

    /// The least and the greatest rate that can be planned, in thousands of bits a second.
    public static let rates = 4.0...100_000.0
    /// The rate of a call where nobody names one: a voice in wideband, and a sharp source after some
    /// three seconds.
    public static let standardRate = Bitrate(kilobitsPerSecond: 24)

    /// What any link is thought to carry at first: a voice and 25 pictures a second, and little more.
    public static let startingRate = Bitrate(kilobitsPerSecond: 12.2)

    /// What a voice alone takes; nothing that follows the link falls below, for there is nothing left to
    /// leave out.
    public static let leastTarget = Bitrate(bitsPerSecond: 6700)

    /// How long a datagram's pictures and sound last.
    public var interval: Duration {
        .nanoseconds(
            Int64(picturesPerDatagram) * 1_000_000_000 / Int64(pictureRate.picturesPerSecond))
    }

    /// Pictures in a datagram that are sent.
    public var sentPicturesPerDatagram: Int {
        pictureStride == 0 ? 0 : (picturesPerDatagram + pictureStride - 1) / pictureStride
    }

    /// Ticks of sound in a datagram, at least one.
    public var ticksPerDatagram: Int {
        max(1, picturesPerDatagram * VoiceTick.perSecond / pictureRate.picturesPerSecond)
    }

    /// Plans a call; nothing where the rate lies outside of ``rates``.
    ///
    /// - Parameters:
    ///   - rate: what may go on the wire, headers counted.
    ///   - pictureRate: the pictures that are taken.
    ///   - hasSound: whether there is sound to send.
    ///   - headers: what IP and UDP add to each datagram.
    ///   - voiceBitrate: the voice's rate where the user names one.
    ///   - isPromise: whether no two seconds may hold more, rather than only the mean.
    public init?(
        rate: Bitrate, pictureRate: PictureRate = .standard, hasSound: Bool,
        headers: DataSize = .ipv4AndUDPHeaders, voiceBitrate: Int? = nil, isPromise: Bool = true
    ) {
        guard Self.rates.contains(rate.kilobitsPerSecond) else { return nil }
        let costs = PlanCosts(
            rate: rate, pictureRate: pictureRate, headers: headers, isPromise: isPromise)
        self.rate = rate
        self.pictureRate = pictureRate
        wishes = Wishes(hasSound: hasSound, headers: headers, voiceBitrate: voiceBitrate)
        let kilobits = rate.kilobitsPerSecond
        sourceQuantizer = kilobits < 16 ? 40 : kilobits < 32 ? 33 : kilobits < 64 ? 28 : 20
        coarseSide = 160
        let voice = voiceBitrate ?? Self.voiceBitrate(at: kilobits)
        let step = Self.keypointStep(at: kilobits)
        let choices = costs.choices(
            voices: hasSound ? [voice, Self.usualLeastVoice, Self.leastVoice] : [nil], step: step)
        let fitting = choices.first {
            costs.fits($0.pictures, stride: $0.stride, voice: $0.voice, step: $0.step)
        }
        let choice = fitting ?? costs.last
        picturesPerDatagram = choice.pictures
        pictureStride = choice.stride
        self.voiceBitrate = choice.voice
        keypointStep = choice.step
        var shortfalls: [Shortfall] = []
        if hasSound, choice.voice == nil { shortfalls.append(.noSound) }
        if choice.stride == 0 { shortfalls.append(.noPictures) }
        if choice.stride > 1 { shortfalls.append(.fewerPictures(every: choice.stride)) }
        self.shortfalls = shortfalls
    }

    /// The plan of the same call at another rate; nothing where that lies outside of ``rates``.
    ///
    /// What the user named stays: the voice's rate, and what was set in this plan.
    public func changed(to rate: Bitrate) -> CallPlan? {
        guard
            var plan = CallPlan(
                rate: rate, pictureRate: pictureRate, hasSound: wishes.hasSound,
                headers: wishes.headers, voiceBitrate: wishes.voiceBitrate, isPromise: false)
        else { return nil }
        if let pictures = wishes.pictures { plan.picturesPerDatagram = pictures }
        if let step = wishes.step { plan.keypointStep = step }
        if let quantizer = wishes.quantizer { plan.sourceQuantizer = quantizer }
        return plan
    }

    /// Opus's least rate for a voice that is good to hear, and the least one that can be understood.
    private static let usualLeastVoice = 6000
    private static let leastVoice = 5000

    /// Six below 20 kbit/s; then three eighths of the rate, up to what a voice can use.
    private static func voiceBitrate(at kilobits: Double) -> Int {
        kilobits < 20 ? usualLeastVoice : min(24_000, Int(kilobits * 375))
    }

    /// A tenth of the rate at first; finer than half a pixel pays nothing.
    private static func keypointStep(at kilobits: Double) -> Int {
        kilobits < 14 ? 6 : kilobits < 20 ? 4 : kilobits < 32 ? 3 : 2
    }
}

extension CallPlan.Shortfall: CustomStringConvertible {
    public var description: String {
        switch self {
        case .fewerPictures(let count): "only one picture of \(count)"
        case .noPictures: "no pictures, only the voice"
        case .noSound: "no voice, only pictures"
        }
    }
}
