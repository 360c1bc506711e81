public import Media

/// How large, how fine and how often the stream's pictures are, so that each is gone when the next one comes: a
/// pure value, driven by numbers.
public struct StreamPace: Hashable, Sendable {
    /// A size and a quantiser for the stream's first picture, to be tried in this order.
    public struct Beginning: Hashable, Sendable {
        /// The longer side in pixels.
        public let side: Int
        /// VP8's quantiser, 0 (finest) … 63.
        public let quantizer: Int
    }

    /// VP8's quantiser for the next picture.
    public private(set) var quantizer = 40
    private var next = Duration.zero

    /// Smaller pictures cannot be seen well; larger ones at coarser quantisers look better for their bytes than
    /// smaller ones at finer.
    private static let sides = [256, 192, 128, 96]
    private static let firstQuantizers = [26, 34, 42, 50, 56, 63]
    private static let quantizers = 16...60
    /// The first picture takes no longer.
    private static let firstPatience = Duration.milliseconds(700)
    /// So much of the rate the stream takes; the rest is for sources that bring warping back. It takes no less while
    /// one is on its way: of a scene that changes, the next picture shows more than a source that comes sooner.
    private static let share = 0.85
    /// By so many steps of the quantiser half of the bytes is aimed at: fewer than it takes, so that it settles.
    private static let stepsAnOctave = 10.0
    private static let largestStep = 6.0

    /// Starts a stream.
    public init() {}

    /// All beginnings, the best first.
    public static var beginnings: [Beginning] {
        sides.flatMap { side in
            firstQuantizers.map { Beginning(side: side, quantizer: $0) }
        }
    }

    /// The most bytes that the first picture may have.
    public static func firstSize(at rate: Bitrate) -> DataSize {
        rate.size(over: firstPatience)
    }

    /// Between two pictures: five a second at 16 kbit/s, and fewer where there is less.
    public static func interval(at rate: Bitrate) -> Duration {
        .seconds(min(0.6, max(0.08, 0.8 / max(1, rate.kilobitsPerSecond).squareRoot())))
    }

    /// The bytes that a picture should have.
    public static func size(at rate: Bitrate) -> DataSize {
        Bitrate(bitsPerSecond: rate.bitsPerSecond * share).size(over: interval(at: rate))
    }

    /// Whether it is time for a picture.
    ///
    /// - Parameter unsent: what of the pictures before has still to go.
    public func isDue(at time: Duration, unsent: DataSize) -> Bool {
        unsent == .zero && time >= next
    }

    /// Takes in the first picture.
    public mutating func begin(_ quantizer: Int, at time: Duration, rate: Bitrate) {
        self.quantizer = quantizer
        next = time + Self.interval(at: rate)
    }

    /// Takes in a picture that was coded at ``quantizer`` from one before.
    public mutating func take(_ size: DataSize, at time: Duration, rate: Bitrate) {
        next = time + Self.interval(at: rate)
        let wanted = Double(max(1, Self.size(at: rate).bytes))
        // Halvings and doublings, by steps: near enough, and without a mathematics library.
        var (octaves, ratio) = (0.0, Double(max(1, size.bytes)) / wanted)
        while ratio > 1.2, octaves < 2 {
            ratio /= 1.189_2
            octaves += 0.25
        }
        while ratio < 0.84, octaves > -2 {
            ratio *= 1.189_2
            octaves -= 0.25
        }
        let steps = max(-Self.largestStep, min(Self.largestStep, octaves * Self.stepsAnOctave))
        let quantizer = self.quantizer + Int(steps.rounded())
        self.quantizer = max(Self.quantizers.lowerBound, min(Self.quantizers.upperBound, quantizer))
    }
}
