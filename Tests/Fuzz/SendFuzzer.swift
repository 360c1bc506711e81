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
        switch input.byte() % 6 {
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
            let anchor = input.byte()
            if anchor & 1 == 1 {
                let number = anchor & 2 == 0 ? nil : PictureNumber(UInt32(anchor / 4))
                frames.append(.pictureStatus(PictureStatusFrame(anchor: number)))
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
        case 4: addPicture(&input)
        default: now = now.advanced(by: .milliseconds(input.number() % 11_000))
        }
    }

    /// A picture of the stream, or pictures that stand; or the stream ends.
    private mutating func addPicture(_ input: inout FuzzInput) {
        let choice = input.byte()
        let number = PictureNumber(UInt32(input.byte()))
        let kind: StreamPicture.Kind =
            switch (choice % 4, number.advanced(by: -1 - Int(choice / 8))) {
            case (1, let reference?): .anchor(from: reference)
            case (2, let reference?): .leaf(from: reference)
            default: .key
            }
        if choice % 4 == 3 {
            session.endStream()
        } else if let picture = StreamPicture(
            number: number, kind: kind,
            payload: [UInt8](repeating: choice, count: 1 + input.number()))
        {
            session.add(.picture(picture), at: now)
        }
        let held = HeldPictures(
            firstPicture: number, pictureCount: 1 + Int(choice % 16), isMarked: choice > 127)
        if let held { session.add(.held(held), at: now) }
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
            case .event(.anchorHeld(let number)), .event(.anchorLost(let number)):
                precondition(!isOver && number.rawValue < 256, "an anchor that never was")
            case .event(.anchorsForgotten): precondition(!isOver)
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
