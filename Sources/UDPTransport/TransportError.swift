/// Why datagrams cannot be sent or received at an address.
public enum TransportError: Error, Hashable, Sendable {
    /// The host name has no address.
    case unknownHost(Endpoint)
    /// Another program listens there already.
    case addressInUse(Endpoint)
    /// The address is not one of this machine, or the port needs more rights.
    case cannotBind(Endpoint, reason: String)
    /// No route leads there.
    case unreachable(Endpoint, reason: String)
}

extension TransportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownHost(let endpoint):
            "cannot find the address of \"\(endpoint.host)\": check the name, or give a number such as 192.0.2.7"
        case .addressInUse(let endpoint):
            "\(endpoint) is in use: another program (a second pantograph-receive?) listens there; stop it or choose another port"
        case .cannotBind(let endpoint, let reason):
            "cannot listen at \(endpoint): \(reason); use an address of this machine, such as 0.0.0.0, and a port above 1023"
        case .unreachable(let endpoint, let reason):
            "cannot reach \(endpoint): \(reason)"
        }
    }
}
