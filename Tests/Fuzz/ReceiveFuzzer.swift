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
    private let playout: Playout
    private var now = Instant.zero
    private var packetNumber: UInt64 = 0
    private var played: PictureNumber?
    private var playCount = 0
    private var startCount = 0
    private var sourceCount = 0
    private var isOver = false
    /// What went out in the last two seconds.
    private var sends: [(at: Instant, bytes: Int)] = []
    /// What came with the peer's address less what went there, headers counted.
    private var credit = 0
    private var heard: VoiceTick?
    private let hasSound: Bool
    /// What the stream's pictures may be predicted from, and the newest of them.
    private var anchors: [PictureNumber] = []
    private var streamed: PictureNumber?

    init(playout: Playout, hasSound: Bool) {
        guard let peer = NetworkAddress(bytes: [127, 0, 0, 1], port: 1),
            let stranger = NetworkAddress(bytes: [127, 0, 0, 1], port: 2),
            let hello = HelloFrame(
                size: Self.size, rate: .standard, keypointCount: 20,
                promisedRate: Bitrate(kilobitsPerSecond: 24), weightsHash: Self.hash)
        else { fatalError("these are good values") }
        self.hasSound = hasSound
        self.playout = playout
        self.peer = peer
        self.stranger = stranger
        self.hello = hello
        decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: StubStillCodec(),
            keypointDecoder: KeypointDecoder(shippedTables),
            streamDecoder: VP8StreamDecoder(), size: Self.size)
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
        switch input.byte() % 11 {
        case 0: receive(input.take(input.number() % 1300), from: peer)
        case 1: receive(input.take(input.number() % 1300), from: stranger)
        case 2:
            // Frames of the input's choice behind a header that is right.
            let payload = input.take(input.number() % 1300)
            let datagram = Datagram(
                call: Self.call, packetNumber: packetNumber, payload: payload)
            packetNumber += 1
            receive(datagram.bytes, from: peer)
        case 3:
            let source = SourceIdentifier(UInt16(input.byte() % 20))
            let value = input.byte()
            let length = 1 + input.number() * 4
            let offer = SourceOfferFrame(
                source: source, length: length, hash: [UInt8](repeating: value, count: 16))
            let data = SourceDataFrame(
                source: source, offset: input.number() % length,
                bytes: [UInt8](repeating: value, count: 1 + Int(value)))
            let set = SourceSet(number: SourceSetNumber(value % 4), sources: [source])
            say(
                [offer.map { .sourceOffer($0) }, .sourceData(data), set.map { .sourceSet($0) }]
                    .compactMap(\.self))
        case 4: say(goodSource(input.byte()))
        case 5:
            let first = UInt16(truncatingIfNeeded: input.number())
            let choice = input.byte()
            let reference: KeypointsFrame.Reference =
                choice < 128
                ? .source(SourceIdentifier(UInt16(choice % 9)))
                : .pictureBefore(1 + Int(choice % 64))
            let unit = KeypointsFrame(
                firstPicture: first, pictureCount: 1 + Int(choice % 6),
                sourceSet: SourceSetNumber(choice % 4), reference: reference,
                payload: [choice] + input.take(Int(input.byte())))
            say([.keypoints(unit)])
        case 6: now = now.advanced(by: .milliseconds(input.number() % 11_000))
        case 7:
            let reason = GoodbyeFrame.Reason(rawValue: UInt64(input.byte() % 5)) ?? .finished
            let count = UInt32(input.number()) << 16 | UInt32(input.number())
            say([.goodbye(GoodbyeFrame(reason: reason, pictureCount: PictureNumber(count)))])
        case 8:
            packetNumber = UInt64(input.number()) << 14
            say([.keepAlive, .sourceDrop(SourceIdentifier(UInt16(input.byte() % 20)))])
        case 9: say(streamFrames(&input))
        default:
            let start = UInt32(input.number()) << 12 | UInt32(input.number())
            guard let packet = VoicePacket(input.take(1 + Int(input.byte()))) else { return }
            let follower = VoiceFrame(start: nil, packet: packet)
            say([.voice(VoiceFrame(start: VoiceTick(start), packet: packet)), .voice(follower)])
        }
    }

    /// Bytes of a picture of the stream, and pictures that stand.
    private func streamFrames(_ input: inout FuzzInput) -> [Frame] {
        let choice = input.byte()
        let number = UInt16(input.byte())
        let distance = 1 + Int(input.byte() % 16)
        let kind: PictureFrame.Kind =
            switch choice % 3 {
            case 0: .key
            case 1: .anchor(distance: distance)
            default: .leaf(distance: distance)
            }
        let frame = PictureFrame(
            picture: number, kind: kind, offset: choice & 0x40 == 0 ? 0 : input.number(),
            bytes: [choice] + input.take(Int(input.byte()) * 4), isLast: choice & 0x80 == 0)
        let held = HeldPictures(
            firstPicture: PictureNumber(UInt32(number)), pictureCount: distance,
            isMarked: choice & 0x20 != 0)
        return [held.map { .hold(HoldFrame($0)) }, .picture(frame)].compactMap(\.self)
    }

    /// A source that the decoder takes.
    private func goodSource(_ identifier: UInt8) -> [Frame] {
        let picture = [0, 16, 0, 16] + [UInt8](repeating: 90, count: 384)
        guard let payload = SourcePayload(keypoints: [identifier], picture: picture) else {
            return []
        }
        let source = SourceIdentifier(UInt16(identifier % 9))
        let hash = ContentHash.prefix(of: payload.bytes, length: WireConstants.contentHashLength)
        guard
            let offer = SourceOfferFrame(
                source: source, length: payload.bytes.count, hash: hash),
            let set = SourceSet(number: SourceSetNumber(identifier % 4), sources: [source])
        else { return [] }
        let data = SourceDataFrame(source: source, offset: 0, bytes: payload.bytes)
        return [.sourceOffer(offer), .sourceSet(set), .sourceData(data)]
    }

    private mutating func say(_ frames: [Frame]) {
        guard !frames.isEmpty else { return }
        let datagram = Datagram(
            call: Self.call, packetNumber: packetNumber, payload: Payload(frames).bytes)
        packetNumber += 1
        receive(datagram.bytes, from: peer)
    }

    private mutating func receive(_ bytes: [UInt8], from address: NetworkAddress) {
        if address == peer { credit += bytes.count + 28 }
        session.receive(bytes.span, from: address, at: now)
    }

    private mutating func drain() {
        for _ in 0..<5000 {
            switch session.poll(at: now) {
            case .transmit(let bytes, let address):
                precondition(address == peer || address == stranger)
                guard let datagram = try? Datagram(parsing: bytes.span),
                    (try? Payload(parsing: datagram.payload.span)) != nil
                else { fatalError("bytes sent do not parse") }
                if address == peer { credit -= bytes.count + 28 }
                precondition(credit >= 0, "more goes to an address than came from there")
                sends.append((now, bytes.count + 31))
                checkPromise()
            case .event(let event): take(event)
            case .wait(let instant):
                // A wake in the past would make the driver spin.
                if let instant { precondition(instant > now, "a wake in the past") }
                return
            }
        }
        fatalError("a session that always has more to do")
    }

    /// No input makes an end break its promise: the sender's, or a stranger's before there is one.
    private mutating func checkPromise() {
        sends.removeAll { now.since($0.at) > .seconds(2) }
        precondition(sends.reduce(0) { $0 + $1.bytes } <= 6000, "the promise is broken")
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
            // Dropped ones make room for others.
            precondition(sourceCount <= 4096 * 2)
            precondition(source.payload.count <= WireConstants.largestSource)
            _ = try? decoder.insert(source)
        case .sourceSet(let set): decoder.insert(set)
        case .sourceDropped(let source): decoder.remove(source)
        case .keypoints(let unit): try? decoder.insert(unit)
        case .keypointsAgain(let again):
            precondition(again.reference.distance(from: played ?? .zero) >= 0)
            try? decoder.insert(again)
        case .picture(let picture):
            // Never one whose reference was not given out before, nor an older one.
            if let reference = picture.reference {
                precondition(anchors.contains(reference), "a picture without its reference")
            }
            precondition(streamed.map { $0 < picture.number } ?? true, "the stream goes back")
            streamed = picture.number
            if picture.isAnchor {
                anchors = [picture.reference, picture.number].compactMap(\.self)
            }
            if (try? decoder.insert(picture)) == nil {
                anchors = []
                session.forgetPictures(at: now)
            }
        case .held(let held): decoder.insert(held)
        case .play(let number, _):
            // One who watches live may miss some, so that the others come sooner.
            let step = played.map { number.distance(from: $0) } ?? 1
            precondition(step == 1 || (playout == .live && step > 1), "playout jumps")
            played = number
            playCount += 1
            let picture = decoder.picture(number, time: .zero)
            if let picture { precondition(picture.number == number) }
        case .voice(let play):
            precondition(hasSound && play.tickCount > 0)
            if let heard {
                precondition(
                    play.start == heard || (playout == .live && play.start > heard),
                    "sound has a gap")
            }
            heard = play.start.advanced(by: play.tickCount)
        case .ended: isOver = true
        }
    }

    private func check() {
        let counts = session.statistics
        precondition(
            counts.pictures + counts.lostPictures + counts.earlyPictures + counts.heldPictures
                == playCount,
            "pictures are miscounted")
        precondition(counts.longestLoss <= counts.lostPictures)
        precondition(counts.missingDatagrams >= 0 && counts.skippedPictures >= 0)
        precondition(counts.latePictures >= 0 && counts.repeatedPictures <= counts.pictures)
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
