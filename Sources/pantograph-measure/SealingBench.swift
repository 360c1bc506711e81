import Foundation
import Media
import Security

/// Runs handshakes and seals datagrams many times.
struct SealingBench {
    /// One figure.
    struct Row: Encodable {
        let what: String
        let microseconds: Double
        var line: String {
            what.padding(toLength: 44, withPad: " ", startingAt: 0)
                + String(
                    format: "%8.2f µs", microseconds)
        }
    }

    let runs: Int

    /// Whole handshakes, and questions of strangers, with both kinds of keys.
    func handshakes() throws -> [Row] {
        var random = SystemRandomNumberGenerator()
        let shared = Credentials.shared(PreSharedKey(using: &random))
        let (first, second) = (StaticKey(using: &random), StaticKey(using: &random))
        let statics = (
            Credentials.statics(own: first, peer: second.publicKey, shared: nil),
            Credentials.statics(own: second, peer: first.publicKey, shared: nil)
        )
        let stranger =
            [0x40 | SecurityConstants.version]
            + [UInt8](repeating: 9, count: SecurityConstants.handshakeLength - 1)
        var rows: [Row] = []
        for (name, ours, theirs) in [
            ("shared key", shared, shared), ("static keys", statics.0, statics.1),
        ] {
            let (terms, address) = try (terms, address)
            var responder = RespondingChannel(credentials: theirs, terms: terms)
            rows.append(
                time("\(name): refuse a forged question", runs / 10) {
                    _ = responder.receive(stranger.span, from: address, at: .zero)
                })
            // What is dropped before its keys are tried would cost next to nothing.
            guard responder.statistics.forgedHandshakes == runs / 10 else {
                throw BenchError.notTried
            }
            rows.append(
                try time("\(name): handshake, both ends", runs / 100) {
                    _ = try Self.connect(ours, theirs, terms, address)
                })
        }
        return rows
    }

    /// Datagrams of one size.
    func datagrams(of size: Int) throws -> [Row] {
        var random = SystemRandomNumberGenerator()
        let shared = Credentials.shared(PreSharedKey(using: &random))
        let address = try address
        var (sender, receiver) = try Self.connect(shared, shared, try terms, address)
        let payload = [UInt8](repeating: 7, count: size)
        var number: UInt64 = 0
        var sealed: [[UInt8]] = []
        func seal() throws {
            sealed.append(try sender.seal(payload, packetNumber: number).datagram)
            number += 1
        }
        func open(_ index: Int) {
            let datagram = sealed[index]
            _ = receiver.receive(datagram.span, from: address, at: .zero)
        }
        var rows = [try time("\(size) bytes: seal", runs, seal)]
        var index = 0
        func next() {
            open(index)
            index += 1
        }
        rows.append(time("\(size) bytes: open", runs, next))
        guard receiver.statistics.opened == runs else { throw BenchError.notOpened }
        index = 0
        rows.append(time("\(size) bytes: refuse a repeated one", runs, next))
        sealed = []
        for _ in 0..<runs {
            try seal()
            sealed[sealed.count - 1][5] ^= 1
        }
        index = 0
        rows.append(time("\(size) bytes: refuse a forged one", runs, next))
        guard receiver.statistics.opened == runs else { throw BenchError.notOpened }
        return rows
    }

    private enum BenchError: Error { case noAddress, noAnswer, notOpened, notTried }

    private var address: NetworkAddress {
        get throws {
            guard let address = NetworkAddress(bytes: [127, 0, 0, 1], port: 4000) else {
                throw BenchError.noAddress
            }
            return address
        }
    }

    private var terms: HandshakeTerms {
        get throws {
            let hash = [UInt8](repeating: 1, count: HandshakeTerms.hashLength)
            guard
                let terms = HandshakeTerms(weightsHash: hash, keypointCount: 20, sourceSetSize: 8)
            else { throw BenchError.noAnswer }
            return terms
        }
    }

    private static func connect(
        _ ours: Credentials, _ theirs: Credentials, _ terms: HandshakeTerms,
        _ address: NetworkAddress
    ) throws -> (InitiatingChannel, RespondingChannel) {
        var responder = RespondingChannel(credentials: theirs, terms: terms)
        var initiator = InitiatingChannel(to: address, credentials: ours, terms: terms, at: .zero)
        guard case .transmit(let question, _) = initiator.poll(at: .zero) else {
            throw BenchError.noAnswer
        }
        _ = responder.receive(question.span, from: address, at: .zero)
        guard case .transmit(let answer, _) = responder.poll(at: .zero) else {
            throw BenchError.noAnswer
        }
        _ = initiator.receive(answer.span, from: address, at: .zero)
        guard initiator.isConnected else { throw BenchError.noAnswer }
        return (initiator, responder)
    }

    /// Processor time: what it costs, however busy the machine is.
    private func time(_ what: String, _ count: Int, _ run: () throws -> Void) rethrows -> Row {
        let start = Self.processorMicroseconds()
        for _ in 0..<count { try run() }
        let used = Self.processorMicroseconds() - start
        return Row(what: what, microseconds: used / Double(count))
    }

    private static func processorMicroseconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) / 1e3
    }
}
