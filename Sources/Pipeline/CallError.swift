import Session
public import UDPTransport
import WireFormat

/// Why a call did not go on.
public enum CallError: Error, Hashable, Sendable {
    /// Nobody answered; `refused` where the other machine said that nobody listens there.
    case noAnswer(Endpoint, seconds: Int, refused: Bool)
    /// Nobody answered a call that keys protect.
    case noSealedAnswer(Endpoint, seconds: Int)
    /// More forged datagrams came than may.
    case forged
    /// The other end answered and then fell silent.
    case silence(seconds: Int)
    /// The two ends have different weights.
    case weightsDiffer
    /// The receiver is in another call.
    case busy(Endpoint)
    /// The receiver does not handle this picture size, rate or keypoint count.
    case unsupported
    /// The other end failed.
    case failedThere
    /// The source of pictures gave none.
    case noPictures
    /// More sources than a call can have.
    case sourceCount(Int)
}

extension CallError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noAnswer(let endpoint, let seconds, let refused):
            refused
                ? "nobody listens at \(endpoint): start pantograph-receive there first, or check the port"
                : "no answer from \(endpoint) within \(seconds) s: is pantograph-receive of the same version running there, and does a firewall let UDP through?"
        case .noSealedAnswer(let endpoint, let seconds):
            "no answer from \(endpoint) within \(seconds) s: is pantograph-receive running there, with the same key and of the same version (others are not answered), and does a firewall let UDP through?"
        case .forged: "somebody has sent too many forged datagrams: call again for fresh keys"
        case .silence(let seconds): "the other end has been silent for \(seconds) s"
        case .weightsDiffer:
            "the two ends have different network weights: use the same build, or the same --model, at both"
        case .busy(let endpoint): "\(endpoint) is in another call: try again when that is over"
        case .unsupported:
            "the other end does not handle this picture size, rate or number of keypoints"
        case .failedThere: "the other end had to stop"
        case .noPictures: "the input holds no picture"
        case .sourceCount(let count): "\(count) sources: a call has 1 to 8"
        }
    }
}

extension CallError {
    /// What a goodbye means to the sender; nothing where all is well.
    init?(_ reason: GoodbyeFrame.Reason, endpoint: Endpoint) {
        switch reason {
        case .finished: return nil
        case .failed: self = .failedThere
        case .weightsDiffer: self = .weightsDiffer
        case .busy: self = .busy(endpoint)
        case .unsupported: self = .unsupported
        }
    }
}
