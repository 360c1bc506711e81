/// Why a responder that knows the initiator does not take part in its call.
public enum HandshakeRefusal: UInt8, Hashable, Sendable {
    /// The two ends have different networks.
    case weightsDiffer = 1
    /// The initiator needs more keypoints, sources or bytes than the responder takes.
    case unsupported = 2
    /// The responder is in another call.
    case busy = 3
}

extension HandshakeRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .weightsDiffer:
            "the other end has other network weights: install the same version at both ends"
        case .unsupported: "the other end does not support what this call needs"
        case .busy: "the other end is in another call"
        }
    }
}
