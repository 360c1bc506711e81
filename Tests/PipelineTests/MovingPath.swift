import Media
import UDPTransport

/// Passes datagrams between a sender and a receiver, and in the middle goes on from another port.
actor MovingPath {
    nonisolated let port: UInt16
    private let near: UDPTransport
    private let first: UDPTransport
    private let second: UDPTransport
    private let moveAfter: Int
    private var passed = 0
    private var sender: NetworkAddress?

    /// A path to a port of this machine that moves after so many datagrams.
    init(to receiver: UInt16, moveAfter: Int) async throws {
        let endpoint = Endpoint(host: "127.0.0.1", port: receiver)
        near = try await UDPTransport.listen(at: Endpoint(host: "127.0.0.1", port: 0))
        first = try await UDPTransport.connect(to: endpoint)
        second = try await UDPTransport.connect(to: endpoint)
        port = near.localAddress.port
        self.moveAfter = moveAfter
    }

    var hasMoved: Bool { passed > moveAfter }

    /// Until the task is cancelled.
    func run() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await datagram in self.near.received { await self.pass(datagram) } }
            for far in [first, second] {
                group.addTask {
                    for await datagram in far.received { await self.answer(datagram, on: far) }
                }
            }
        }
        for transport in [near, first, second] { await transport.close() }
    }

    private func pass(_ datagram: ReceivedDatagram) {
        sender = datagram.source
        passed += 1
        (hasMoved ? second : first).send(datagram.bytes)
    }

    /// What comes to the place that was left is lost.
    private func answer(_ datagram: ReceivedDatagram, on far: UDPTransport) {
        guard let sender, far === (hasMoved ? second : first) else { return }
        near.send(datagram.bytes, to: sender)
    }
}
