import KeypointCoding
import Media
import NetworkEmulation
import Pipeline
import Session
import TestSupport
import Testing
import VideoCoding

/// Calls whose sender chooses sources, on a virtual clock.
@Suite struct SourceChoiceTests {
    private struct Outcome {
        var result: SimulationResult
        var lines: [SourceLine] = []
        var shown: [DecodedPicture] = []
        var orders: [SourceLine] { lines.filter { $0.source != nil } }
    }

    private static func choice(_ kind: SourcePolicy.Kind) throws -> SourceChoice {
        let coder = SourceCoder(
            detector: StubDetector(), stillEncoder: StubStillCodec(),
            stillDecoder: StubStillCodec(),
            keypointEncoder: try KeypointEncoder(ShippedTables.read()))
        return SourceChoice(
            SourcePolicy(kind), coder: coder, rehearsal: Rehearsal(generator: StubGenerator()))
    }

    private static func call(
        _ kind: SourcePolicy.Kind, pictures: Int, kilobits: Double = 400, hasSound: Bool = true,
        _ link: LinkConditions = LinkConditions(), seed: UInt64 = 1
    ) throws -> Outcome {
        let plan = try present(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: hasSound))
        var options = SimulatedCall.Options(plan: plan)
        options.link = link
        options.seed = seed
        let call = try SimulatedCall(
            encoder: try StubCodec.encoder(), decoder: try StubCodec.decoder(),
            size: SyntheticPictures.size, options: options, choice: try choice(kind))
        var lines: [SourceLine] = []
        var shown: [DecodedPicture] = []
        let result = try call.run(SpotClip(pictures: pictures), stills: []) { step in
            switch step {
            case .looked(let line): lines.append(line)
            case .shown(let picture): shown.append(picture)
            case .sent, .source, .heldSource, .steppedAside: break
            }
        }
        return Outcome(result: result, lines: lines, shown: shown)
    }

    @Test func theSenderLooksTwiceASecond() throws {
        let lines = try Self.call(.adaptive, pictures: 250).lines
        #expect(lines.count >= 20)
        #expect(lines.allSatisfy { $0.distance != nil && $0.kilobitsPerSecond >= 0 })
        for (later, earlier) in zip(lines.dropFirst(), lines) {
            #expect(later.picture > earlier.picture)
        }
    }

    /// Sources come and go, and still every picture is rebuilt, for it names a set that is there.
    @Test(arguments: [SourcePolicy.Kind.interval(.seconds(1)), .adaptive])
    func everyPictureIsRebuiltWhileSourcesChange(kind: SourcePolicy.Kind) throws {
        let outcome = try Self.call(kind, pictures: 500)
        #expect(outcome.orders.count > 2)
        #expect(outcome.result.generatedPictures == 500)
        #expect(outcome.result.undecodableUnits == 0)
        #expect(outcome.result.rejectedSources.isEmpty)
        #expect(outcome.lines.contains { $0.sources.count > 2 })
        #expect(outcome.lines.allSatisfy { $0.sources.count <= 8 })
    }

    /// Most of a new source is to be seen in one that is held; none comes without its base, however late or in what
    /// order it comes.
    @Test(arguments: [0.0, 0.05])
    func sourcesArePredictedFromHeldOnes(loss: Double) throws {
        var link = LinkConditions()
        link.loss = .init(random: loss)
        link.delay = .milliseconds(loss > 0 ? 600 : 0)
        link.reordering = loss
        let outcome = try Self.call(.interval(.seconds(1)), pictures: 500, link)
        let predicted = outcome.orders.filter { $0.base != nil }
        #expect(predicted.count > outcome.orders.count / 2)
        #expect(outcome.result.rejectedSources.isEmpty)
        for line in predicted { #expect(line.sources.contains(try #require(line.base))) }
    }

    @Test func replacedSourcesAreGivenUp() throws {
        let outcome = try Self.call(.interval(.seconds(1)), pictures: 500)
        let dropped = outcome.lines.flatMap(\.dropped)
        #expect(!dropped.isEmpty)
        #expect(Set(dropped).count == dropped.count)
        let last = try #require(outcome.lines.last)
        #expect(Set(dropped).isDisjoint(with: last.sources))
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func lossCostsItsOwnPicturesOnly(seed: UInt64) throws {
        var link = LinkConditions()
        link.loss = .init(random: 0.05)
        link.delay = .milliseconds(100)
        link.reordering = 0.05
        let outcome = try Self.call(.interval(.seconds(1)), pictures: 500, link, seed: seed)
        let result = outcome.result
        #expect(result.link.lost > 0)
        #expect(outcome.lines.contains { $0.sources.count > 1 })
        // A unit whose source was dropped in a datagram that overtook it costs its pictures, too.
        #expect(
            result.generatedPictures >= 500 - 3 * (result.link.lost + result.link.reordered))
        #expect(outcome.shown.count == 500)
    }

    /// The promise holds with everything that is chosen, the voice beside it.
    @Test(arguments: [24.0, 64])
    func theRateIsKept(kilobits: Double) throws {
        let result = try Self.call(.adaptive, pictures: 400, kilobits: kilobits).result
        let rate = Bitrate(result.wire, over: result.mediaTime + result.timeToFirstSet)
        #expect(rate.kilobitsPerSecond <= kilobits)
        #expect(result.droppedPictures == 0)
        #expect(result.voiceWire > .zero)
    }

    @Test func equalCallsDecideEqually() throws {
        let first = try Self.call(.adaptive, pictures: 300)
        let second = try Self.call(.adaptive, pictures: 300)
        #expect(first.lines == second.lines)
        #expect(first.result.wire == second.result.wire)
    }
}
