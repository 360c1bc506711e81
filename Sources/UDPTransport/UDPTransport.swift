public import Media
import NIOCore
import NIOPosix

/// A UDP socket over SwiftNIO.
///
/// Datagrams come out of ``received``; at most ``queueLength`` wait there, newest kept, so that a
/// flood cannot grow memory. Sending never waits: what the socket does not take is lost, as on the
/// network.
public final class UDPTransport: Sendable {
    /// How many datagrams may wait to be read.
    public static let queueLength = 512

    /// The datagrams that arrive, until ``close()``.
    public let received: AsyncStream<ReceivedDatagram>
    /// The address that this end has.
    public let localAddress: NetworkAddress
    /// Where ``send(_:)`` goes, for a transport that was connected.
    public let remoteAddress: NetworkAddress?

    private let channel: any Channel
    private let refusals: RefusalCount

    private init(
        channel: any Channel, received: AsyncStream<ReceivedDatagram>, refusals: RefusalCount,
        local: NetworkAddress, remote: NetworkAddress?
    ) {
        self.channel = channel
        self.received = received
        self.refusals = refusals
        localAddress = local
        remoteAddress = remote
    }

    /// Listens at an address of this machine; port 0 lets the system choose one.
    public static func listen(at endpoint: Endpoint) async throws(TransportError) -> UDPTransport {
        let address = try resolve(endpoint)
        let (stream, handler) = DatagramReader.make()
        do {
            let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelOption(.socketOption(.so_reuseaddr), value: 0)
                .channelInitializer { $0.pipeline.addHandler(handler) }
                .bind(to: address).get()
            return try make(channel, stream, handler, endpoint)
        } catch let error as TransportError {
            throw error
        } catch let error as IOError where error.errnoCode == addressInUseCode {
            throw .addressInUse(endpoint)
        } catch {
            throw .cannotBind(endpoint, reason: reason(error))
        }
    }

    /// Opens a socket that sends to one address and hears only from it.
    public static func connect(to endpoint: Endpoint) async throws(TransportError) -> UDPTransport {
        let address = try resolve(endpoint)
        guard endpoint.port != 0 else {
            throw .unreachable(endpoint, reason: "port 0 does not exist")
        }
        let (stream, handler) = DatagramReader.make()
        do {
            let channel = try await DatagramBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .channelInitializer { $0.pipeline.addHandler(handler) }
                .connect(to: address).get()
            return try make(channel, stream, handler, endpoint)
        } catch let error as TransportError {
            throw error
        } catch {
            throw .unreachable(endpoint, reason: reason(error))
        }
    }

    /// How often the other machine has said that nobody listens at its port (ICMP).
    public var refusedDatagrams: Int { refusals.value }

    /// Sends to the address that this transport was connected to.
    public func send(_ bytes: [UInt8]) {
        guard let remoteAddress else { return }
        send(bytes, to: remoteAddress)
    }

    /// Sends a datagram.
    public func send(_ bytes: [UInt8], to address: NetworkAddress) {
        guard let socketAddress = try? SocketAddress(address) else { return }
        let buffer = channel.allocator.buffer(bytes: bytes)
        let envelope = AddressedEnvelope(remoteAddress: socketAddress, data: buffer)
        channel.writeAndFlush(envelope, promise: nil)
    }

    /// Closes the socket; ``received`` ends.
    public func close() async {
        try? await channel.close().get()
    }

    private static func make(
        _ channel: any Channel, _ stream: AsyncStream<ReceivedDatagram>, _ handler: DatagramReader,
        _ endpoint: Endpoint
    ) throws(TransportError) -> UDPTransport {
        guard let local = channel.localAddress.flatMap(NetworkAddress.init) else {
            throw .cannotBind(endpoint, reason: "the socket has no address")
        }
        return UDPTransport(
            channel: channel, received: stream, refusals: handler.refusals, local: local,
            remote: channel.remoteAddress.flatMap(NetworkAddress.init))
    }

    private static func resolve(_ endpoint: Endpoint) throws(TransportError) -> SocketAddress {
        do {
            return try SocketAddress.makeAddressResolvingHost(
                endpoint.host, port: Int(endpoint.port))
        } catch {
            throw .unknownHost(endpoint)
        }
    }

    private static func reason(_ error: any Error) -> String {
        (error as? IOError).map { errorText($0.errnoCode) } ?? "\(error)"
    }
}
