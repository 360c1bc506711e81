/// A sender whose receiver says whatever the input makes it say.
struct SendFuzzer {
    private static let call = CallIdentifier(77)

    private var session: SendSession
    private var now = Instant.zero
    private var packetNumber: UInt64 = 0
    private var isOver = false
    /// What went out in the last two seconds.
    private var sends: [(at: Instant, bytes: Int)] = []

    init() {
        guard
            let hello = HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 24),
                weightsHash: [UInt8](repeating: 7, count: HelloFrame.hashLength))
        else { fatalError("these are good values") }
        session = SendSession(
            call: Self.call, hello: hello, hasSound: true,
            startingRate: Bitrate(kilobitsPerSecond: 12.2), at: now)
        for identifier in 0..<2 {
            let source = CodedSource(
                identifier: SourceIdentifier(UInt16(identifier)),
                payload: [UInt8](repeating: 1, count: 3000))
            session.add(.source(source), at: now)
        }
        if let set = SourceSet(number: .zero, sources: [SourceIdentifier(0)]) {
            session.add(.sourceSet(set), at: now)
        }
    }

    mutating func run(_ input: inout FuzzInput) {
        while !input.isEmpty {
            step(&input)
            drain()
        }
        session.end(.finished, at: now)
        for _ in 0..<80 where !isOver {
            now = now.advanced(by: .milliseconds(200))
            drain()
        }
        precondition(isOver, "a call does not end")
    }

    private mutating func step(_ input: inout FuzzInput) {
        switch input.byte() % 5 {
        case 0: session.receive(input.take(input.number() % 1300).span, at: now)
        case 1:
            let payload = input.take(input.number() % 1300)
            let datagram = Datagram(
                call: Self.call, packetNumber: packetNumber, payload: payload)
            packetNumber += 1
            session.receive(datagram.bytes.span, at: now)
        case 2:
            var frames: [Frame] = [
                .acknowledgement(
                    AcknowledgementFrame(
                        largest: UInt16(truncatingIfNeeded: input.number()), delay: 3, arrival: 5,
                        arrived: 1 + Int(input.byte()),
                        ranges: (0..<Int(input.byte() % 5)).map { _ in
                            .init(missing: 1 + Int(input.byte()), arrived: 1 + Int(input.byte()))
                        }))
            ]
            for _ in 0..<Int(input.byte() % 4) {
                let start = Int(input.byte()) * 16
                frames.append(
                    .sourceStatus(
                        SourceStatusFrame(
                            source: SourceIdentifier(UInt16(input.byte() % 3)),
                            held: [start..<start + 1 + Int(input.byte()) * 16])))
            }
            let datagram = Datagram(
                call: Self.call, packetNumber: packetNumber, payload: Payload(frames).bytes)
            packetNumber += 1
            session.receive(datagram.bytes.span, at: now)
        case 3:
            let unit = CodedKeypoints(
                firstPicture: PictureNumber(UInt32(input.number())), pictureCount: 3,
                sourceSet: .zero, reference: .source(SourceIdentifier(0)), payload: [1, 2, 3])
            if let unit { session.add(.keypoints(unit), at: now) }
            let count = input.number()
            guard count % 2 == 1, let packet = VoicePacket([8] + input.take(count % 1000)),
                let voice = CodedVoice(start: VoiceTick(UInt32(input.number())), packet: packet)
            else { return }
            session.add(.voice(voice), at: now)
        default: now = now.advanced(by: .milliseconds(input.number() % 11_000))
        }
    }

    private mutating func drain() {
        for _ in 0..<5000 {
            switch session.poll(at: now) {
            case .transmit(let bytes):
                guard let datagram = try? Datagram(parsing: bytes.span),
                    (try? Payload(parsing: datagram.payload.span)) != nil
                else { fatalError("bytes sent do not parse") }
                sends.removeAll { now.since($0.at) > .seconds(2) }
                sends.append((now, bytes.count + 31))
                precondition(
                    sends.reduce(0) { $0 + $1.bytes } <= 6000, "the promise is broken")
            case .event(.connected): precondition(!isOver)
            case .event(.sourceAcknowledged(let source)):
                // Again, too, where a new receiver had not heard of it.
                precondition(!isOver && source.rawValue < 2, "a source that was never sent")
            case .event(.sourceSetAcknowledged), .event(.picturesAcknowledged):
                precondition(!isOver)
            case .event(.targetBitrate(let rate)):
                precondition(!isOver && (6500.0...64_000).contains(rate.bitsPerSecond))
            case .event(.ended):
                precondition(!isOver, "ended twice")
                isOver = true
            case .wait(let instant):
                if let instant { precondition(instant > now, "a wake in the past") }
                return
            }
        }
        fatalError("a session that always has more to do")
    }
}

func fuzzSender(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    var fuzzer = SendFuzzer()
    fuzzer.run(&input)
}
