/// Why a payload was not sealed.
public enum SealingError: Error, Hashable, Sendable {
    /// There is no connection yet, or none any more.
    case notConnected
    /// The number is not larger than all before it.
    case packetNumberNotNew(UInt64, latest: UInt64)
    /// The connection has used all its packet numbers (2^32: years).
    case exhausted
    /// The payload is empty, or too long for a datagram.
    case length(Int)
}

extension SealingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notConnected: "there is no connection to seal datagrams for"
        case .packetNumberNotNew(let number, let latest):
            "packet number \(number) is not above \(latest), the latest one: each seals one datagram"
        case .exhausted: "all packet numbers of the connection are used up: start a new call"
        case .length(let count):
            "a payload of \(count) bytes cannot be sealed: it has 1 to "
                + "\(SecurityConstants.largestDatagram - SecurityConstants.overhead)"
        }
    }
}
