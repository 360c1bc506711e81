import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import TestSupport
import Testing
import VideoCoding

@Suite struct SimulatedCallTests {
    /// What a call came to, and the pictures that were shown.
    private struct Outcome {
        var result: SimulationResult
        var shown: [DecodedPicture] = []
        var sent: [PictureNumber] = []
        var heldSources = 0
        var numbers: [Int] { shown.map { Int($0.number.rawValue) } }
    }

    private static func call(
        pictures: Int, _ link: LinkConditions = LinkConditions(), seed: UInt64 = 1,
        stills: [VideoFrame] = [], largest: Int? = nil, kilobits: Double = 200
    ) throws -> Outcome {
        let plan = try present(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: false))
        var options = SimulatedCall.Options(plan: plan)
        options.link = link
        options.seed = seed
        options.largestPictureCount = largest
        let call = try SimulatedCall(
            encoder: try StubCodec.encoder(), decoder: try StubCodec.decoder(),
            size: SyntheticPictures.size, options: options)
        var shown: [DecodedPicture] = []
        var sent: [PictureNumber] = []
        var heldSources = 0
        let result = try call.run(SpotClip(pictures: pictures), stills: stills) { step in
            switch step {
            case .shown(let picture): shown.append(picture)
            case .sent(let number, _): sent.append(number)
            case .heldSource: heldSources += 1
            case .source, .looked, .steppedAside: break
            }
        }
        return Outcome(result: result, shown: shown, sent: sent, heldSources: heldSources)
    }

    @Test func aPerfectLinkRebuildsEveryPicture() throws {
        let outcome = try Self.call(pictures: 151)
        let result = outcome.result
        #expect(result.sentPictures == 151)
        #expect(result.generatedPictures == 151)
        #expect(result.lostPictures == 0)
        #expect(result.longestLoss == 0)
        #expect(outcome.numbers == Array(0..<151))
        #expect(outcome.sent.map { Int($0.rawValue) } == Array(0..<151))
        #expect(outcome.shown.allSatisfy { $0.origin == .generated })
        #expect(outcome.heldSources == 1)
        #expect(result.rejectedSources.isEmpty)
        #expect(result.mediaTime == .milliseconds(151 * 40))
    }

    @Test func bytesOnTheWireIncludeEverythingAndItsHeaders() throws {
        let result = try Self.call(pictures: 100).result
        let headers = 28 * result.datagrams
        #expect(result.datagrams == result.link.offered)
        // 100 units, the source, a hello and a goodbye at the least.
        #expect(result.datagrams >= 100 + result.sourceBytes / 1100 + 2)
        #expect(result.wire.bytes >= headers + result.keypointBytes + result.sourceBytes)
        #expect(result.wireAfterFirstSecond < result.wire)
        #expect(result.wireAfterFirstSecond > .zero)
    }

    @Test func stagesAreTimed() throws {
        let stages = try Self.call(pictures: 10).result.stages
        #expect(stages.keys.sorted() == ["detect and code", "encode source", "warp"])
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func aBadLinkCostsWhatItLostAndNoMore(seed: UInt64) throws {
        var link = LinkConditions()
        link.loss = .init(random: 0.05)
        link.delay = .milliseconds(40)
        link.reordering = 0.05
        let outcome = try Self.call(pictures: 600, link, seed: seed)
        let result = outcome.result
        #expect(result.link.lost > 0)
        #expect(result.link.reordered > 0)
        // Each datagram carries three pictures.
        #expect(result.lostPictures <= 3 * result.link.lost)
        #expect(result.longestLoss <= result.lostPictures)
        // Six datagrams lost in a row have a chance of 1 in 64 million each.
        #expect(result.longestLoss <= 15)
        #expect(result.generatedPictures >= 600 - 3 * result.link.lost)
        for (later, earlier) in zip(outcome.numbers.dropFirst(), outcome.numbers) {
            #expect(later == earlier + 1)
        }
        let held = outcome.shown.filter { $0.origin != .generated }.count
        #expect(held == result.lostPictures)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func flippedBitsDoNoHarm(seed: UInt64) throws {
        var link = LinkConditions()
        link.corruption = 0.2
        let outcome: Outcome
        do {
            outcome = try Self.call(pictures: 300, link, seed: seed)
        } catch CallError.failedThere {
            // A bit of the hello itself was flipped into a call that the receiver refuses.
            return
        }
        #expect(outcome.result.link.corrupted > 0)
        #expect(outcome.result.generatedPictures <= 300)
        for (later, earlier) in zip(outcome.numbers.dropFirst(), outcome.numbers) {
            #expect(later == earlier + 1)
        }
    }

    @Test func equalSeedsGiveEqualCalls() throws {
        var link = LinkConditions()
        link.loss = .init(random: 0.1)
        link.jitter = .milliseconds(30)
        link.reordering = 0.1
        link.duplication = 0.1
        let first = try Self.call(pictures: 200, link, seed: 7)
        let second = try Self.call(pictures: 200, link, seed: 7)
        let other = try Self.call(pictures: 200, link, seed: 8)
        #expect(first.result.link == second.result.link)
        #expect(first.result.wire == second.result.wire)
        #expect(first.shown.map(\.frame) == second.shown.map(\.frame))
        #expect(first.shown.map(\.origin) == second.shown.map(\.origin))
        #expect(first.result.link != other.result.link)
    }

    @Test func aLinkThatSwallowsEverythingIsAnError() {
        var link = LinkConditions()
        link.loss = .init(random: 1)
        #expect(throws: CallError.failedThere) { try Self.call(pictures: 10, link) }
    }

    @Test func stillsBecomeTheSources() throws {
        let stills = try [3, 9, 20].map { try present(SyntheticPictures.spot($0)) }
        let outcome = try Self.call(pictures: 60, stills: stills)
        #expect(outcome.heldSources == 3)
        #expect(outcome.result.generatedPictures == 60)
    }

    @Test func theNumberOfPicturesCanBeLimited() throws {
        #expect(try Self.call(pictures: 100, largest: 17).numbers == Array(0..<17))
    }

    @Test func withoutPicturesThereIsNoCall() {
        #expect(throws: CallError.noPictures) { try Self.call(pictures: 0) }
    }

    @Test func aSourceSetHasEightAtMost() throws {
        let still = try present(SyntheticPictures.spot(3))
        #expect(throws: CallError.sourceCount(9)) {
            try Self.call(pictures: 5, stills: Array(repeating: still, count: 9))
        }
    }

    /// At a low rate a small source comes first, and all pictures are rebuilt all the same.
    @Test(arguments: [12.2, 24])
    func slowCallsRebuildEveryPicture(kilobits: Double) throws {
        let outcome = try Self.call(pictures: 300, kilobits: kilobits)
        let result = outcome.result
        #expect(result.generatedPictures == 300)
        #expect(result.droppedPictures == 0)
        let rate = Bitrate(result.wire, over: result.mediaTime + result.timeToFirstSet)
        #expect(rate.kilobitsPerSecond <= kilobits)
    }

    /// Nearly nothing arrives, and the receiver says once a second what did. To an address that a handshake has proven
    /// it may say more than came from there, as in a real call; to another one it may not.
    @Test func aHandshakeProvesTheSendersAddress() throws {
        var bad = LinkConditions()
        bad.loss = .init(random: 0.97)
        let turn = LinkTurn(after: .zero, .conditions(bad, back: LinkConditions()))
        let seconds = 400
        func answers(_ credentials: Credentials?) throws -> Int {
            var options = SimulatedCall.Options(
                plan: try present(
                    CallPlan(rate: Bitrate(kilobitsPerSecond: 12.2), hasSound: false)))
            options.turns = [turn]
            options.credentials = credentials
            let call = try SimulatedCall(
                encoder: try StubCodec.encoder(), decoder: try StubCodec.decoder(),
                size: SyntheticPictures.size, options: options)
            let clip = SpotClip(pictures: 25 * seconds)
            return try call.run(clip, stills: []) { _ in }.returnWire.bytes
        }
        let proven = try answers(SecuredPair.credentials())
        let unproven = try answers(nil)
        // IP's and UDP's headers, an acknowledgement and the seal take more than 40 bytes.
        #expect(proven > 40 * seconds)
        #expect(unproven < proven * 2 / 3)
        print("\(proven) bytes go back to a proven address, \(unproven) to another one")
    }
}
