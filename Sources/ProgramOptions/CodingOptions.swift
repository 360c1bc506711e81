public import ArgumentParser
import KeypointCoding
public import VideoCoding

/// Options that trade bits against quality and delay.
public struct CodingOptions: ParsableArguments {
    /// VP8's quantiser for sources.
    @Option(
        help: ArgumentHelp(
            "VP8 quantiser of source images: 0 (finest) to 63. At 256x256 20 gives some 4 KB.",
            valueName: "number"))
    public var sourceQuantizer = 20

    /// How finely keypoints are sent.
    @Option(
        help: ArgumentHelp(
            "How finely keypoints are sent: 0 (finest) to 15; each number takes some 12 % fewer bits than the one before.",
            valueName: "number"))
    public var step = QuantizerStep.standard.index

    /// Pictures in a datagram.
    @Option(
        help: ArgumentHelp(
            "Pictures that share a datagram, 1 to 6: more of them save headers and add 40 ms of delay each.",
            valueName: "count"))
    public var picturesPerDatagram = 3

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        guard (0...63).contains(sourceQuantizer) else {
            throw ValidationError("--source-quantizer \(sourceQuantizer): use 0 to 63")
        }
        guard QuantizerStep(index: step) != nil else {
            throw ValidationError("--step \(step): use 0 to 15")
        }
        guard (1...KeypointTables.largestPictureCount).contains(picturesPerDatagram) else {
            throw ValidationError("--pictures-per-datagram \(picturesPerDatagram): use 1 to 6")
        }
    }

    /// The encoder's configuration.
    public var configuration: VideoEncoder.Configuration {
        var configuration = VideoEncoder.Configuration()
        configuration.sourceQuantizer = sourceQuantizer
        configuration.step = QuantizerStep(index: step) ?? .standard
        configuration.picturesPerUnit = picturesPerDatagram
        return configuration
    }
}
