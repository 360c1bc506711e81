/// Both ends of a protected call with a network between them that does what the input says: it delivers,
/// repeats, holds back, damages and makes up datagrams, and a stranger with the key asks, too.
///
/// Nothing is opened that the other end has not sealed, nothing twice, and no answer is longer than its
/// question.
struct ChannelFuzzer {
    private struct Letter {
        let bytes: [UInt8]
        let isForResponder: Bool
    }

    private let initiatorAddress: NetworkAddress
    private let responderAddress: NetworkAddress
    private let strangerAddress: NetworkAddress
    private let credentials: Credentials
    private var random = CountingNumbers(seed: 3)
    private var initiator: InitiatingChannel
    private var responder: RespondingChannel
    private var now = Instant.zero
    private var letters: [Letter] = []
    /// What was sealed, by a number in front of it; the packet numbers of each end.
    private var sealed: [[UInt8]] = []
    private var opened: Set<[UInt8]> = []
    private var packetNumbers: [UInt64] = [0, 0]

    init() {
        var keys = CountingNumbers(seed: 0)
        guard let first = NetworkAddress(bytes: [127, 0, 0, 1], port: 1),
            let second = NetworkAddress(bytes: [127, 0, 0, 1], port: 2),
            let third = NetworkAddress(bytes: [127, 0, 0, 1], port: 3),
            let terms = HandshakeTerms(
                weightsHash: [UInt8](repeating: 7, count: HandshakeTerms.hashLength),
                keypointCount: 20, sourceSetSize: 8)
        else { fatalError("these are good values") }
        (initiatorAddress, responderAddress, strangerAddress) = (first, second, third)
        credentials = .shared(PreSharedKey(using: &keys))
        initiator = InitiatingChannel(
            to: second, credentials: credentials, terms: terms, random: CountingNumbers(seed: 1),
            at: .zero)
        responder = RespondingChannel(
            credentials: credentials, terms: terms, random: CountingNumbers(seed: 2))
    }

    mutating func run(_ input: inout FuzzInput) {
        drain()
        while !input.isEmpty {
            step(&input)
            drain()
        }
    }

    private mutating func step(_ input: inout FuzzInput) {
        switch input.byte() % 10 {
        case 0, 1:
            // What comes next; then it may come again.
            guard !letters.isEmpty else { return }
            deliver(letters.removeFirst())
        case 2:
            guard !letters.isEmpty else { return }
            deliver(letters[Int(input.byte()) % letters.count])
        case 3:
            guard !letters.isEmpty else { return }
            let letter = letters[Int(input.byte()) % letters.count]
            var bytes = letter.bytes
            let (place, change) = (input.number() % bytes.count, input.byte())
            bytes[place] ^= change
            let end = input.byte()
            if end < 128 { bytes = Array(bytes.prefix(bytes.count - Int(end) % bytes.count)) }
            deliver(Letter(bytes: bytes, isForResponder: letter.isForResponder))
        case 4, 5: seal(byInitiator: input.byte() % 2 == 0, skipping: input.number(), &input)
        case 6:
            let bytes = input.take(input.number() % 1300)
            deliver(Letter(bytes: bytes, isForResponder: input.byte() % 2 == 0))
        case 7: ask(&input)
        case 8: now = now.advanced(by: .milliseconds(input.number() % 4000))
        default: if !letters.isEmpty { letters.removeFirst() }
        }
        if letters.count > 64 { letters.removeFirst(letters.count - 64) }
    }

    /// Somebody with the key whose question says anything.
    private mutating func ask(_ input: inout FuzzInput) {
        var handshake = credentials.handshake(as: .initiator)
        let payload = input.take(Int(input.byte()))
        guard
            let message = try? handshake.write(
                payload: payload, ephemeral: .drawn(using: &random))
        else { return }
        let question = [DatagramKind.question.firstByte] + message
        deliver(Letter(bytes: question, isForResponder: true))
    }

    private mutating func seal(
        byInitiator: Bool, skipping gap: Int, _ input: inout FuzzInput
    ) {
        let end = byInitiator ? 0 : 1
        let count = sealed.count
        let payload =
            [UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)] + input.take(Int(input.byte()))
        // Seldom far ahead, so that epochs pass.
        packetNumbers[end] += gap < 60_000 ? UInt64(gap % 4) : 60_000
        let datagram =
            byInitiator
            ? try? initiator.seal(payload, packetNumber: packetNumbers[end]).datagram
            : try? responder.seal(payload, packetNumber: packetNumbers[end]).datagram
        guard let datagram else { return }
        packetNumbers[end] += 1
        precondition(datagram.count == payload.count + SecurityConstants.overhead)
        sealed.append(payload)
        letters.append(Letter(bytes: datagram, isForResponder: byInitiator))
    }

    private mutating func deliver(_ letter: Letter) {
        let address = letter.isForResponder ? initiatorAddress : responderAddress
        let result =
            letter.isForResponder
            ? responder.receive(letter.bytes.span, from: address, at: now)
            : initiator.receive(letter.bytes.span, from: address, at: now)
        guard let result else { return }
        precondition(sealed.contains(result.payload), "opened what nobody has sealed")
        precondition(opened.insert(result.payload).inserted, "opened twice")
    }

    private mutating func drain() {
        for _ in 0..<1000 {
            let output = initiator.poll(at: now)
            if case .wait = output { break }
            take(output, isForResponder: true)
        }
        for _ in 0..<1000 {
            let output = responder.poll(at: now)
            if case .wait = output {
                precondition(responder.openAnswers <= SecurityConstants.openAnswers)
                return
            }
            take(output, isForResponder: false)
        }
        fatalError("a channel that always has more to do")
    }

    private mutating func take(_ output: ChannelOutput, isForResponder: Bool) {
        switch output {
        case .transmit(let bytes, _):
            // A question has at least as many.
            precondition(bytes.count <= SecurityConstants.handshakeLength, "amplified")
            letters.append(Letter(bytes: bytes, isForResponder: isForResponder))
        case .event(.established): packetNumbers[isForResponder ? 0 : 1] = 0
        case .event, .wait: break
        }
    }
}

/// Numbers that are the same in each run.
private struct CountingNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

func fuzzChannels(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    var fuzzer = ChannelFuzzer()
    fuzzer.run(&input)
}

/// Key files: what is read is written, and read to the same again.
func fuzzKey(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for kind in [KeyText.shared, .staticPrivate, .staticPublic] {
        guard let key = try? kind.parse(text) else { continue }
        guard let again = try? kind.parse(kind.text(of: key)) else {
            fatalError("a key that was read cannot be written")
        }
        precondition(again == key, "a round trip changed a key")
    }
}
