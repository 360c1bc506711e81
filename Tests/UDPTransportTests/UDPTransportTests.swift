import Media
import Testing
import UDPTransport

@Suite struct UDPTransportTests {
    private static let anyPort = Endpoint(host: "127.0.0.1", port: 0)

    /// A listener and a transport that is connected to it.
    private static func pair(host: String) async throws -> (UDPTransport, UDPTransport) {
        let listener = try await UDPTransport.listen(at: Endpoint(host: host, port: 0))
        let connected = try await UDPTransport.connect(
            to: Endpoint(host: host, port: listener.localAddress.port))
        return (listener, connected)
    }

    /// Sends the same bytes again and again until the other end has them: UDP promises nothing.
    private static func send(
        _ bytes: [UInt8], until task: Task<ReceivedDatagram?, Never>,
        _ send: @escaping @Sendable ([UInt8]) -> Void
    ) async throws -> ReceivedDatagram? {
        let sending = Task {
            for _ in 0..<200 where !Task.isCancelled {
                send(bytes)
                try await Task.sleep(for: .milliseconds(50))
            }
            task.cancel()
        }
        defer { sending.cancel() }
        return await task.value
    }

    private static func next(_ transport: UDPTransport) -> Task<ReceivedDatagram?, Never> {
        Task {
            for await datagram in transport.received { return datagram }
            return nil
        }
    }

    private static func exchange(host: String) async throws {
        let (listener, connected) = try await pair(host: host)
        #expect(listener.localAddress.port != 0)
        #expect(listener.remoteAddress == nil)
        #expect(connected.remoteAddress == listener.localAddress)
        let there = try #require(
            await send([1, 2, 3], until: next(listener)) { connected.send($0) })
        #expect(there.bytes == [1, 2, 3])
        #expect(there.source == connected.localAddress)
        let answer = [UInt8](repeating: 9, count: 1200)
        let back = try #require(
            await send(answer, until: next(connected)) { listener.send($0, to: there.source) })
        #expect(back.bytes == answer)
        #expect(back.source == listener.localAddress)
        await connected.close()
        await listener.close()
    }

    /// Whether this machine has an IPv6 loopback address.
    private static func hasIPv6() async -> Bool {
        guard let probe = try? await UDPTransport.listen(at: Endpoint(host: "::1", port: 0)) else {
            return false
        }
        await probe.close()
        return true
    }

    @Test func datagramsGoBothWays() async throws { try await Self.exchange(host: "127.0.0.1") }

    @Test(.enabled("no IPv6 loopback here") { await Self.hasIPv6() })
    func datagramsGoBothWaysOverIPv6() async throws { try await Self.exchange(host: "::1") }

    @Test func hostNamesAreResolved() async throws {
        let listener = try await UDPTransport.listen(at: Endpoint(host: "localhost", port: 0))
        #expect([4, 16].contains(listener.localAddress.bytes.count))
        await listener.close()
    }

    @Test func aSecondListenerIsToldThatThePortIsInUse() async throws {
        // An address that no other test uses: the port stays free once it is closed.
        let host = "127.0.0.77"
        let first = try await UDPTransport.listen(at: Endpoint(host: host, port: 0))
        let endpoint = Endpoint(host: host, port: first.localAddress.port)
        let error = await #expect(throws: TransportError.self) {
            _ = try await UDPTransport.listen(at: endpoint)
        }
        #expect(error == .addressInUse(endpoint))
        await first.close()
        let second = try await UDPTransport.listen(at: endpoint)
        #expect(second.localAddress.port == endpoint.port)
        await second.close()
    }

    @Test func anUnknownHostIsAnError() async {
        let endpoint = Endpoint(host: "no-such-host.invalid", port: 4000)
        await #expect(throws: TransportError.unknownHost(endpoint)) {
            _ = try await UDPTransport.listen(at: endpoint)
        }
        await #expect(throws: TransportError.unknownHost(endpoint)) {
            _ = try await UDPTransport.connect(to: endpoint)
        }
    }

    @Test func anAddressOfAnotherMachineCannotBeListenedAt() async {
        // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
        let endpoint = Endpoint(host: "192.0.2.1", port: 4000)
        let error = await #expect(throws: TransportError.self) {
            _ = try await UDPTransport.listen(at: endpoint)
        }
        #expect(
            error == .cannotBind(endpoint, reason: "Cannot assign requested address"))
    }

    @Test func nobodyCanSendToPortZero() async {
        let error = await #expect(throws: TransportError.self) {
            _ = try await UDPTransport.connect(to: Self.anyPort)
        }
        guard case .unreachable(Self.anyPort, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aDeadPortIsCountedAndTheTransportLivesOn() async throws {
        let host = "127.0.0.78"
        let (listener, connected) = try await Self.pair(host: host)
        await listener.close()
        for _ in 0..<200 where connected.refusedDatagrams == 0 {
            connected.send([1])
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(connected.refusedDatagrams > 0)
        // Somebody listens there again: the same socket reaches them.
        let port = listener.localAddress.port
        let again = try await UDPTransport.listen(at: Endpoint(host: host, port: port))
        let datagram = try await Self.send([7], until: Self.next(again)) { connected.send($0) }
        #expect(datagram?.bytes == [7])
        await connected.close()
        await again.close()
    }

    @Test func aFloodIsCutToTheNewest() async throws {
        let (listener, connected) = try await Self.pair(host: "127.0.0.1")
        let count = UDPTransport.queueLength * 8
        for number in 0..<count {
            connected.send([
                UInt8(truncatingIfNeeded: number), UInt8(truncatingIfNeeded: number >> 8),
            ])
            // The kernel's own queue is short: let it be read, so that ours is what overflows.
            if number.isMultiple(of: 64) { try await Task.sleep(for: .milliseconds(2)) }
        }
        try await Task.sleep(for: .milliseconds(200))
        await listener.close()
        var kept: [Int] = []
        for await datagram in listener.received {
            kept.append(Int(datagram.bytes[0]) | Int(datagram.bytes[1]) << 8)
        }
        #expect(kept.count == UDPTransport.queueLength)
        #expect(kept == kept.sorted())
        #expect(try #require(kept.first) > 0)
        await connected.close()
    }

    @Test func closingEndsTheStream() async throws {
        let listener = try await UDPTransport.listen(at: Self.anyPort)
        let reading = Self.next(listener)
        await listener.close()
        #expect(await reading.value == nil)
        listener.send([1], to: listener.localAddress)
        await listener.close()
    }

    @Test func addressesSayHowLongTheirHeadersAre() async throws {
        let four = try #require(NetworkAddress(bytes: [127, 0, 0, 1], port: 1))
        let six = try #require(NetworkAddress(bytes: [UInt8](repeating: 0, count: 16), port: 1))
        #expect(four.headers == DataSize(bytes: 28))
        #expect(six.headers == DataSize(bytes: 48))
        #expect(NetworkAddress(bytes: [1, 2, 3], port: 1) == nil)
        let listener = try await UDPTransport.listen(at: Self.anyPort)
        #expect(listener.localAddress.bytes == [127, 0, 0, 1])
        await listener.close()
    }
}
