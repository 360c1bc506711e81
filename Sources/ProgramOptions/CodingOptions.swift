public import ArgumentParser
import KeypointCoding
import Media
public import Session

/// Options that trade bits against quality and delay.
public struct CodingOptions: ParsableArguments {
    /// What the call may take.
    @Option(
        help: ArgumentHelp(
            "A promise: over no two seconds more goes on the wire, IP and UDP headers, sources and all else counted. 4 to 100000 kbit/s.",
            discussion:
                "12.2 holds a voice and 25 pictures a second. Without it: 24, with the voice in wideband and a sharp picture within some three seconds. What does not fit is said and left out.",
            valueName: "kbit/s"))
    public var rate = CallPlan.standardRate.kilobitsPerSecond

    /// AV1's quantiser for sources.
    @Option(
        help: ArgumentHelp(
            "AV1 quantiser of source images: 0 (finest) to 63. At 256x256 30 gives some 3 KB.",
            discussion: "Without it, and the two below: as suits --rate.",
            valueName: "number"))
    public var sourceQuantizer: Int?

    /// How finely keypoints are sent.
    @Option(
        help: ArgumentHelp(
            "How finely keypoints are sent: 0 (finest) to 15; each number takes some 12 % fewer bits than the one before.",
            valueName: "number"))
    public var step: Int?

    /// Pictures in a datagram.
    @Option(
        help: ArgumentHelp(
            "Pictures that share a datagram, 1 to 6: more of them save headers and add 40 ms of delay each.",
            valueName: "count"))
    public var picturesPerDatagram: Int?

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        guard CallPlan.rates.contains(rate) else {
            throw ValidationError("--rate \(rate): use 4 to 100000")
        }
        if let sourceQuantizer, !(0...63).contains(sourceQuantizer) {
            throw ValidationError("--source-quantizer \(sourceQuantizer): use 0 to 63")
        }
        if let step, QuantizerStep(index: step) == nil {
            throw ValidationError("--step \(step): use 0 to 15")
        }
        if let picturesPerDatagram,
            !(1...KeypointTables.largestPictureCount).contains(picturesPerDatagram)
        {
            throw ValidationError("--pictures-per-datagram \(picturesPerDatagram): use 1 to 6")
        }
    }

    /// How the call uses its rate.
    ///
    /// - Throws: `ValidationError` for a rate that was not validated.
    public func plan(hasSound: Bool, voiceBitrate: Int? = nil) throws -> CallPlan {
        guard
            var plan = CallPlan(
                rate: Bitrate(kilobitsPerSecond: rate), hasSound: hasSound,
                voiceBitrate: voiceBitrate)
        else { throw ValidationError("--rate \(rate): use 4 to 100000") }
        if let sourceQuantizer { plan.sourceQuantizer = sourceQuantizer }
        if let step { plan.keypointStep = step }
        if let picturesPerDatagram { plan.picturesPerDatagram = picturesPerDatagram }
        return plan
    }
}
