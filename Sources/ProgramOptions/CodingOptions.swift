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
            "Keypoint locations are sent in steps of 2^-number of half the picture: 4 to 10; 8 is half a pixel.",
            valueName: "number"))
    public var step: UInt8 = 8

    /// Pictures in a datagram.
    @Option(
        help: ArgumentHelp(
            "Pictures that share a datagram, 1 to 16: more of them save headers and add 40 ms of delay each.",
            valueName: "count"))
    public var picturesPerDatagram = 3

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        guard (0...63).contains(sourceQuantizer) else {
            throw ValidationError("--source-quantizer \(sourceQuantizer): use 0 to 63")
        }
        guard QuantizerStep(exponent: step) != nil else {
            throw ValidationError("--step \(step): use 4 to 10")
        }
        guard (1...16).contains(picturesPerDatagram) else {
            throw ValidationError("--pictures-per-datagram \(picturesPerDatagram): use 1 to 16")
        }
    }

    /// The encoder's configuration.
    public var configuration: VideoEncoder.Configuration {
        var configuration = VideoEncoder.Configuration()
        configuration.sourceQuantizer = sourceQuantizer
        configuration.step = QuantizerStep(exponent: step) ?? .standard
        configuration.picturesPerUnit = picturesPerDatagram
        return configuration
    }
}
