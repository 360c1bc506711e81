import Media
import NIOCore
import Synchronization

/// Hands the datagrams of a channel to an asynchronous stream.
final class DatagramReader: ChannelInboundHandler, Sendable {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    let refusals = RefusalCount()
    private let continuation: AsyncStream<ReceivedDatagram>.Continuation

    private init(_ continuation: AsyncStream<ReceivedDatagram>.Continuation) {
        self.continuation = continuation
    }

    static func make() -> (AsyncStream<ReceivedDatagram>, DatagramReader) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ReceivedDatagram.self, bufferingPolicy: .bufferingNewest(UDPTransport.queueLength))
        return (stream, DatagramReader(continuation))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let envelope = unwrapInboundIn(data)
        guard let source = NetworkAddress(envelope.remoteAddress) else { return }
        continuation.yield(
            ReceivedDatagram(bytes: Array(envelope.data.readableBytesView), source: source))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Connected sockets report ICMP's answers as errors; the path may come back, so go on.
        refusals.increment()
    }

    func channelInactive(context: ChannelHandlerContext) { continuation.finish() }
}

/// Counts errors that the network reported for earlier datagrams.
final class RefusalCount: Sendable {
    private let count = Atomic<Int>(0)

    var value: Int { count.load(ordering: .relaxed) }

    func increment() { count.add(1, ordering: .relaxed) }
}
