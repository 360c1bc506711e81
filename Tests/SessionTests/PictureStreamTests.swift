import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// The stream of pictures for when warping fails, over links that lose and reorder.
@Suite struct PictureStreamTests {
    /// A sender that predicts from what it is told is held, as a codec does.
    private struct Source {
        var held: PictureNumber?
        var flying: PictureNumber?
        var known = 0

        mutating func next(_ number: PictureNumber, bytes: Int) -> StreamPicture? {
            if held == nil, flying != nil { return nil }
            let kind: StreamPicture.Kind =
                switch (held, flying) {
                case (nil, _): .key
                case (let held?, nil): .anchor(from: held)
                case (let held?, _?): .leaf(from: held)
                }
            if flying == nil { flying = number }
            let payload = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &+ Int(number.rawValue)) }
            return StreamPicture(number: number, kind: kind, payload: payload)
        }

        mutating func take(_ events: ArraySlice<SendSession.Event>) {
            for event in events {
                switch event {
                case .anchorHeld(let number) where number == flying:
                    held = number
                    flying = nil
                case .anchorLost(let number) where number == flying: flying = nil
                case .anchorsForgotten: (held, flying) = (nil, nil)
                default: break
                }
            }
        }
    }

    /// Runs a call of so many pictures that stand, with the stream in what is left; what the receiver got.
    private func stream(
        _ pair: inout Pair, pictures: Int, bytes: Int, from first: Int = 0,
        breaking broken: Set<Int> = []
    ) throws -> [StreamPicture] {
        var source = Source()
        var seen = pair.sent.count
        let start = pair.now
        let before = pair.received.count
        var brokenAnchors: Set<PictureNumber> = []
        for index in 0..<pictures {
            let number = PictureNumber(UInt32(first + index))
            pair.run(until: start.advanced(by: .milliseconds(40 * index)))
            source.take(pair.sent[seen...])
            seen = pair.sent.count
            if index % 3 == 2 {
                let held = try #require(
                    HeldPictures(
                        firstPicture: PictureNumber(UInt32(first + index - 2)), pictureCount: 3,
                        isMarked: false))
                pair.sender.add(.held(held), at: pair.now)
            }
            if pair.sender.unsentPictures == .zero,
                let picture = source.next(number, bytes: source.held == nil ? 3 * bytes : bytes)
            {
                pair.sender.add(.picture(picture), at: pair.now)
            }
            for case .picture(let picture) in pair.received[before...].map(\.1)
            where broken.contains(Int(picture.number.rawValue))
                && brokenAnchors.insert(picture.number).inserted
            {
                pair.receiver.forgetPictures(at: pair.now)
            }
            pair.run(until: pair.now)
        }
        pair.run(for: .seconds(1))
        return pair.received[before...].compactMap {
            if case .picture(let picture) = $0.1 { picture } else { nil }
        }
    }

    /// Whatever is lost: each picture that is given out is whole, newer than the one before, and predicted from
    /// one of the two anchors that its decoder then holds.
    private func check(_ pictures: [StreamPicture]) {
        var anchors: [PictureNumber] = []
        var latest: PictureNumber?
        for picture in pictures {
            #expect(latest.map { $0 < picture.number } ?? true)
            latest = picture.number
            if let reference = picture.reference { #expect(anchors.contains(reference)) }
            let expected = picture.payload.indices.map {
                UInt8(truncatingIfNeeded: $0 &+ Int(picture.number.rawValue))
            }
            #expect(picture.payload == expected)
            if picture.isAnchor {
                anchors = [picture.reference, picture.number].compactMap(\.self)
            }
        }
    }

    private static func link(delay milliseconds: Int) -> LinkConditions {
        var conditions = LinkConditions()
        conditions.delay = .milliseconds(milliseconds)
        return conditions
    }

    @Test func picturesArriveInOrder() throws {
        var pair = try Pair(Self.link(delay: 40))
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let pictures = try stream(&pair, pictures: 150, bytes: 700)
        check(pictures)
        #expect(pictures.count > 100)
        #expect(pictures.filter(\.isAnchor).count > 20)
        #expect(pair.receiver.statistics.heldPictures == 150)
        #expect(pair.receiver.statistics.lostPictures == 0)
        #expect(pair.receiver.statistics.rejectedDatagrams == 0)
    }

    @Test(arguments: 1..<9)
    func lossCostsOnlyWhatWasLost(seed: UInt64) throws {
        var conditions = Self.link(delay: 60)
        conditions.loss = .init(random: 0.1)
        conditions.reordering = 0.1
        var pair = try Pair(conditions, seed: seed)
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let pictures = try stream(&pair, pictures: 300, bytes: 2500)
        check(pictures)
        #expect(pictures.count > 60)
        #expect(pictures.filter { $0.kind == .key }.count < 4)
    }

    @Test func whatCannotBeDecodedBeginsAnew() throws {
        var pair = try Pair(Self.link(delay: 40))
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let pictures = try stream(&pair, pictures: 150, bytes: 300, breaking: [0])
        check(pictures)
        #expect(pictures.filter { $0.kind == .key }.count == 2)
        #expect(pictures.count > 50)
    }

    /// The stream takes what voice, keypoints and headers leave, and never breaks the promise.
    @Test(arguments: [12.2, 32.0])
    func thePromiseIsKept(rate: Double) throws {
        let promised = Bitrate(kilobitsPerSecond: rate)
        var pair = try Pair(Self.link(delay: 40), rate: promised)
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let pictures = try stream(&pair, pictures: 500, bytes: Int(rate * 15))
        check(pictures)
        #expect(pictures.count > 20)
        for (at, _) in pair.wireThere {
            var sum = 0
            for (other, bytes) in pair.wireThere
            where other <= at && at.since(other) <= .seconds(2) { sum += bytes }
            #expect(sum <= promised.size(over: .seconds(2)).bytes)
        }
        // What is left is used.
        let stream = pair.sender.statistics.stream
        #expect(Bitrate(stream, over: .seconds(20)).kilobitsPerSecond > rate * 0.4)
    }

    @Test func sourcesWaitBehindTheStream() throws {
        var pair = try Pair(rate: Bitrate(kilobitsPerSecond: 24))
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let second = CodedSource(
            identifier: SourceIdentifier(1), payload: [UInt8](repeating: 7, count: 3000))
        pair.sender.add(.source(second), at: pair.now)
        let picture = try #require(
            StreamPicture(
                number: .zero, kind: .key, payload: [UInt8](repeating: 1, count: 1500)))
        pair.sender.add(.picture(picture), at: pair.now)
        pair.run(for: .seconds(6))
        let order = pair.received.compactMap { _, event -> Int? in
            switch event {
            case .picture: 1
            case .source(let source): source.identifier.rawValue == 1 ? 2 : nil
            default: nil
            }
        }
        #expect(order == [1, 2])
    }

    @Test func aStreamThatEndsIsGivenUp() throws {
        var pair = try Pair(rate: Bitrate(kilobitsPerSecond: 12.2))
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let picture = try #require(
            StreamPicture(
                number: .zero, kind: .key, payload: [UInt8](repeating: 1, count: 60_000)))
        pair.sender.add(.picture(picture), at: pair.now)
        pair.run(for: .seconds(1))
        pair.sender.endStream()
        #expect(pair.sender.unsentPictures == .zero)
        pair.run(for: .seconds(1))
        #expect(pair.sent.contains(.anchorLost(.zero)))
    }

    /// Found by a fuzzer: an event after the end.
    @Test func nothingIsToldAfterTheEnd() throws {
        var pair = try Pair()
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        pair.sender.end(.finished, at: pair.now)
        pair.run(for: .seconds(5))
        let picture = try #require(
            StreamPicture(number: .zero, kind: .key, payload: [1, 2, 3]))
        pair.sender.add(.picture(picture), at: pair.now)
        pair.sender.endStream()
        pair.run(for: .seconds(1))
        #expect(pair.sent.last == .ended(.finished(.finished)))
    }

    @Test func aPictureThatTakesTooLongIsGivenUp() throws {
        var pair = try Pair(rate: Bitrate(kilobitsPerSecond: 12.2))
        try pair.introduce(CodedSource(identifier: SourceIdentifier(0), payload: [1, 2, 3]))
        let picture = try #require(
            StreamPicture(
                number: .zero, kind: .key, payload: [UInt8](repeating: 1, count: 60_000)))
        pair.sender.add(.picture(picture), at: pair.now)
        pair.run(for: .seconds(5))
        #expect(pair.sent.contains(.anchorLost(.zero)))
        #expect(pair.sender.unsentPictures == .zero)
    }

    // MARK: What an evil sender says

    private func frame(
        _ picture: UInt16, _ kind: PictureFrame.Kind = .key, offset: Int = 0, count: Int = 10,
        isLast: Bool = true
    ) -> PictureFrame {
        PictureFrame(
            picture: picture, kind: kind, offset: offset,
            bytes: [UInt8](repeating: 1, count: count), isLast: isLast)
    }

    @Test func contradictionsAreRefused() {
        var pictures = IncomingPictures()
        let outcomes = [
            // Predicted from what is not held.
            frame(90, .anchor(distance: 3)),
            // Bytes; past their end, another end, another kind.
            frame(100, offset: 10), frame(100, offset: 30, isLast: false), frame(100, offset: 5),
            frame(100, .leaf(distance: 3)),
            // The rest of them, a copy, and what is older.
            frame(100, isLast: false), frame(100), frame(99),
        ].map { pictures.insert($0, near: PictureNumber(100)) }
        let whole = StreamPicture(
            number: PictureNumber(100), kind: .key, payload: [UInt8](repeating: 1, count: 20))
        #expect(
            outcomes == [
                .refused, .taken, .refused, .refused, .refused,
                whole.map { .whole($0) } ?? .refused, .taken, .refused,
            ])
    }

    @Test func anEndBeforeBytesThatAreThereIsRefused() {
        var pictures = IncomingPictures()
        let outcomes = [frame(5, offset: 50, isLast: false), frame(5)].map {
            pictures.insert($0, near: .zero)
        }
        #expect(outcomes == [.taken, .refused])
    }

    @Test func nothingGrows() {
        var pictures = IncomingPictures()
        for number in 0..<2000 {
            let frame = frame(UInt16(number), offset: 60_000, count: 1000, isLast: false)
            let outcome = pictures.insert(frame, near: PictureNumber(UInt32(number)))
            #expect(outcome == .taken)
        }
        #expect(pictures.anchors.isEmpty)
        #expect(pictures.unfinishedCount == 4)
    }
}
