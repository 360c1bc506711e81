public import ArgumentParser
public import UDPTransport

extension Endpoint: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
