/// A receiver in an open call whose peer, and whose strangers, say whatever the input makes them say.
struct ReceiveFuzzer {
    private static let hash = [UInt8](repeating: 7, count: HelloFrame.hashLength)
    private static let call = CallIdentifier(77)
    private static let size = PictureSize(width: 16, height: 16) ?? .standard

    private let peer: NetworkAddress
    private let stranger: NetworkAddress
    private let hello: HelloFrame
    private let decoder: VideoDecoder
    private var session: ReceiveSession
    private var now = Instant.zero
    private var packetNumber: UInt64 = 0
    private var played: PictureNumber?
    private var playCount = 0
    private var startCount = 0
    private var sourceCount = 0
    private var isOver = false
    private var heard: VoiceTick?
    private let hasSound: Bool

    init(playout: Playout, hasSound: Bool) {
        guard let peer = NetworkAddress(bytes: [127, 0, 0, 1], port: 1),
            let stranger = NetworkAddress(bytes: [127, 0, 0, 1], port: 2),
            let hello = HelloFrame(
                size: Self.size, rate: .standard, keypointCount: 20, sourceCount: 1,
                weightsHash: Self.hash)
        else { fatalError("these are good values") }
        self.hasSound = hasSound
        self.peer = peer
        self.stranger = stranger
        self.hello = hello
        decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            keypointDecoder: KeypointDecoder(shippedTables), size: Self.size)
        session = ReceiveSession(
            expecting: HelloExpectation(
                size: Self.size, rate: .standard, keypointCount: 20, weightsHash: Self.hash),
            playout: playout, at: now)
    }

    mutating func run(_ input: inout FuzzInput) {
        say(hasSound ? [.hello(hello), .sound(SoundFrame())] : [.hello(hello)])
        while !input.isEmpty {
            step(&input)
            drain()
            check()
        }
        // Left alone, a call ends by itself, at the latest when it has played out a minute twice.
        for _ in 0..<130 where !isOver {
            now = now.advanced(by: .seconds(1))
            drain()
            check()
        }
        precondition(isOver, "a call does not end")
    }

    private mutating func step(_ input: inout FuzzInput) {
        let kind = input.byte()
        // Ten came when there were inputs for nine.
        switch kind == 0xFF ? 9 : kind % 9 {
        case 0: receive(input.take(input.number() % 1300), from: peer)
        case 1: receive(input.take(input.number() % 1300), from: stranger)
        case 2:
            // Frames of the input's choice behind a header that is right.
            let header = Datagram(call: Self.call, packetNumber: packetNumber, frames: []).bytes
            packetNumber += 1
            receive(header + input.take(input.number() % 1300), from: peer)
        case 3:
            let source = CodedSource(
                identifier: SourceIdentifier(UInt16(input.byte())),
                payload: [UInt8](repeating: input.byte(), count: 1 + input.number() * 4))
            let count = SourceFragmentFrame.count(forSourceLength: source.payload.count)
            say([.sourceFragment(SourceFragmentFrame(of: source, index: input.number() % count))])
        case 4: if let frame = goodSource(input.byte()) { say([frame]) }
        case 5:
            let first = UInt32(input.number()) << 16 | UInt32(input.number())
            let unit = CodedKeypoints(
                firstPicture: PictureNumber(first), pictureCount: Int(input.byte() % 17),
                sourceSet: .zero, reference: .source(SourceIdentifier(UInt16(input.byte() % 9))),
                payload: input.take(1 + Int(input.byte())))
            if let unit { say([.keypoints(unit)]) }
        case 6: now = now.advanced(by: .milliseconds(input.number() % 11_000))
        case 7:
            let reason = GoodbyeFrame.Reason(rawValue: UInt64(input.byte() % 5)) ?? .finished
            let count = UInt32(input.number()) << 16 | UInt32(input.number())
            say([.goodbye(GoodbyeFrame(reason: reason, pictureCount: PictureNumber(count)))])
        case 8:
            packetNumber = UInt64(input.number()) << 14
            say([.keepAlive])
        default:
            let start = UInt32(input.number()) << 12 | UInt32(input.number())
            guard let packet = VoicePacket(input.take(1 + Int(input.byte()))) else { return }
            let follower = VoiceFrame(start: nil, packet: packet)
            say([.voice(VoiceFrame(start: VoiceTick(start), packet: packet)), .voice(follower)])
        }
    }

    /// A source that the decoder takes.
    private func goodSource(_ identifier: UInt8) -> Frame? {
        let picture = [0, 16, 0, 16] + [UInt8](repeating: 90, count: 384)
        guard let payload = SourcePayload(keypoints: [identifier], keyFrame: picture) else {
            return nil
        }
        let source = CodedSource(
            identifier: SourceIdentifier(UInt16(identifier % 9)), payload: payload.bytes)
        return .sourceFragment(SourceFragmentFrame(of: source, index: 0))
    }

    private mutating func say(_ frames: [Frame]) {
        let number = min(packetNumber, Datagram.largestPacketNumber)
        let datagram = Datagram(call: Self.call, packetNumber: number, frames: frames)
        packetNumber += 1
        receive(datagram.bytes, from: peer)
    }

    private mutating func receive(_ bytes: [UInt8], from address: NetworkAddress) {
        session.receive(bytes.span, from: address, at: now)
    }

    private mutating func drain() {
        for _ in 0..<5000 {
            switch session.poll(at: now) {
            case .transmit(let bytes, let address):
                precondition(address == peer || address == stranger)
                precondition((try? Datagram(parsing: bytes.span)) != nil, "bytes sent do not parse")
            case .event(let event): take(event)
            case .wait(let instant):
                // A wake in the past would make the driver spin.
                if let instant { precondition(instant > now, "a wake in the past") }
                return
            }
        }
        fatalError("a session that always has more to do")
    }

    private mutating func take(_ event: ReceiveSession.Event) {
        precondition(!isOver, "an event after the end")
        switch event {
        case .started(_, let hasSound, let address):
            precondition(hasSound == self.hasSound)
            startCount += 1
            precondition(startCount == 1 && address == peer)
        case .source(let source):
            sourceCount += 1
            precondition(sourceCount <= WireConstants.largestSourceSet)
            precondition(source.payload.count <= WireConstants.largestSource)
            _ = try? decoder.insert(source)
        case .sourceSet(let set): decoder.insert(set)
        case .keypoints(let unit): try? decoder.insert(unit)
        case .play(let number, _):
            if let played { precondition(number.distance(from: played) == 1, "playout jumps") }
            played = number
            playCount += 1
            let picture = decoder.picture(number, time: .zero)
            if let picture { precondition(picture.number == number) }
        case .voice(let play):
            precondition(hasSound && play.tickCount > 0)
            if let heard { precondition(play.start == heard, "sound has a gap") }
            heard = play.start.advanced(by: play.tickCount)
        case .ended: isOver = true
        }
    }

    private func check() {
        let counts = session.statistics
        precondition(counts.pictures + counts.lostPictures == playCount, "pictures are miscounted")
        precondition(counts.longestLoss <= counts.lostPictures)
        precondition(counts.missingDatagrams >= 0 && counts.skippedPictures >= 0)
        precondition(counts.latePictures >= 0)
        precondition(counts.duplicateDatagrams <= counts.receivedDatagrams)
    }
}

func fuzzReceiver(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let choice = input.byte()
    var fuzzer = ReceiveFuzzer(
        playout: choice % 2 == 0 ? .live : .recording, hasSound: choice & 0x40 != 0)
    fuzzer.run(&input)
}
