/// Why there is no connection, or none any more.
public enum HandshakeFailure: Error, Hashable, Sendable {
    /// Nobody has answered.
    case noAnswer
    /// The responder has refused; authentic.
    case refused(HandshakeRefusal)
    /// More datagrams than the forgery budget allows were not authentic.
    case forgeryBudgetSpent
}

extension HandshakeFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noAnswer:
            "no answer: nobody listens there, datagrams do not get through, or the other end has "
                + "another key (ends with other keys are never answered)"
        case .refused(let refusal): refusal.description
        case .forgeryBudgetSpent:
            "too many forged datagrams: start the call anew for fresh keys"
        }
    }
}
