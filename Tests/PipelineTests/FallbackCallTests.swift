import KeypointCoding
import Media
import NetworkEmulation
import Pipeline
import Session
import TestSupport
import Testing
import VP8
import VideoCoding

/// Calls in which warping fails, on a virtual clock.
@Suite struct FallbackCallTests {
    private static let side = 64

    /// A smooth scene, one of stripes that move, and the smooth one again.
    private final class Scenes: PictureSource {
        let isLive = false
        var expectedCount: Int? { 300 }
        private var number = 0
        static let other = 75..<200

        func next() throws -> VideoFrame? {
            guard number < 300 else { return nil }
            defer { number += 1 }
            let isOther = Self.other.contains(number)
            let side = FallbackCallTests.side
            var luma = [UInt8]()
            for row in 0..<side {
                for column in 0..<side {
                    let stripe = (column + row / 2 + number) / 4 % 2 == 0
                    luma.append(isOther ? (stripe ? 220 : 30) : UInt8(60 + column + row / 2))
                }
            }
            // The brightest point is what the detector follows.
            luma[(20 + number % 20) * side + 30] = 255
            let chroma = [UInt8](repeating: 128, count: side * side / 4)
            return VideoFrame(
                size: try present(PictureSize(width: side, height: side)), time: .zero, y: luma,
                u: chroma, v: chroma)
        }
    }

    private struct Outcome {
        var result: SimulationResult
        var changes: [FallbackLine] = []
        var shown: [DecodedPicture] = []
        /// Pictures at which sources were ordered.
        var orders: [Int] = []

        /// The pictures of the other scene for which something was warped.
        var wronglyWarped: [Int] {
            shown.filter { $0.origin == .generated || $0.origin == .madeUp }
                .map { Int($0.number.rawValue) }.filter { Scenes.other.contains($0) }
        }
    }

    private static func call(
        _ kind: SteppingAside.Kind, kilobits: Double = 200, loss: Double = 0, seed: UInt64 = 1,
        sources: SourcePolicy.Kind = .first, silence: Range<Int>? = nil
    ) throws -> Outcome {
        let size = try present(PictureSize(width: side, height: side))
        let plan = try present(
            CallPlan(rate: Bitrate(kilobitsPerSecond: kilobits), hasSound: true))
        var options = SimulatedCall.Options(plan: plan)
        options.link.loss = .init(random: loss)
        options.link.delay = .milliseconds(30)
        options.seed = seed
        if let silence {
            var silent = options.link
            silent.loss = .init(random: 1)
            options.turns = [
                LinkTurn(
                    after: .milliseconds(40 * silence.lowerBound),
                    .conditions(options.link, back: silent)),
                LinkTurn(
                    after: .milliseconds(40 * silence.upperBound),
                    .conditions(options.link, back: options.link)),
            ]
        }
        let tables = try ShippedTables.read()
        let still = VP8StillDecoder()
        let encoder = VideoEncoder(
            detector: StubDetector(), stillEncoder: VP8StillEncoder(), stillDecoder: still,
            keypointEncoder: try KeypointEncoder(tables))
        let decoder = VideoDecoder(
            generator: StubGenerator(), stillDecoder: still,
            keypointDecoder: KeypointDecoder(tables), streamDecoder: VP8StreamDecoder(),
            size: size)
        let coder = SourceCoder(
            detector: StubDetector(), stillEncoder: VP8StillEncoder(), stillDecoder: still,
            keypointEncoder: try KeypointEncoder(tables))
        // Whatever brings anything is ordered.
        var eager = SourcePolicy.Configuration()
        (eager.firstGain, eager.leastGain, eager.doubtGain) = (0.001, 0.001, 0)
        (eager.usualCoarsest, eager.equalSpread) = (63, 0.1)
        var choice = SourceChoice(
            SourcePolicy(sources, eager), coder: coder,
            rehearsal: Rehearsal(generator: StubGenerator()))
        choice.fallback = NetworkBackends.fallback(kind)
        let call = try SimulatedCall(
            encoder: encoder, decoder: decoder, size: size, options: options, choice: choice)
        var changes: [FallbackLine] = []
        var shown: [DecodedPicture] = []
        var orders: [Int] = []
        let result = try call.run(Scenes(), stills: []) { step in
            switch step {
            case .steppedAside(let line): changes.append(line)
            case .shown(let picture): shown.append(picture)
            case .looked(let line): if line.source != nil { orders.append(line.picture) }
            case .sent, .source, .heldSource: break
            }
        }
        return Outcome(result: result, changes: changes, shown: shown, orders: orders)
    }

    @Test func theStreamShowsWhatCannotBeWarped() throws {
        let outcome = try Self.call(.stream)
        #expect(outcome.wronglyWarped.isEmpty)
        #expect(outcome.shown.count == 300)
        #expect(outcome.result.lostPictures == 0)
        // Within a second of the cut the other scene is there, from the stream.
        let streamed = outcome.shown.filter { $0.origin == .streamed }
        #expect(streamed.first.map { $0.number.rawValue < 100 } == true)
        #expect(outcome.result.streamedPictures > 80)
        // And warping comes back.
        #expect(outcome.changes.last?.to == "keypoints")
        #expect(outcome.shown.last?.origin == .generated)
        #expect(outcome.changes.first.map { $0.picture == 75 && $0.reason == "cut" } == true)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func lossNeverShowsAWrongPicture(seed: UInt64) throws {
        let outcome = try Self.call(.stream, loss: 0.08, seed: seed)
        // One whose statement that it stands was lost is moved on from the pictures before, for 120 ms.
        #expect(outcome.wronglyWarped.allSatisfy { $0 < Scenes.other.lowerBound + 3 })
        #expect(outcome.result.streamedPictures > 60)
        #expect(outcome.shown.last?.origin == .generated)
    }

    @Test func aStillIsMarked() throws {
        let outcome = try Self.call(.still)
        #expect(outcome.wronglyWarped.isEmpty)
        #expect(outcome.result.streamedPictures == 0)
        #expect(outcome.shown.count { $0.isMarked } > 80)
        #expect(outcome.shown.last.map { !$0.isMarked } == true)
    }

    /// Acknowledgements are lost until the set of the new scene and one after it are both there: the one that tells of
    /// both makes only the newer one the present one, and what was awaited is there all the same.
    @Test(arguments: [SteppingAside.Kind.still, .stream])
    func twoSetsThatAreAcknowledgedTogether(kind: SteppingAside.Kind) throws {
        let silence = 73..<110
        let outcome = try Self.call(kind, sources: .adaptive, silence: silence)
        #expect(outcome.orders.count { silence.contains($0) } >= 2, "\(outcome.orders)")
        let late = outcome.shown.filter { $0.number.rawValue >= 250 }
        #expect(late.allSatisfy { $0.origin == .generated })
        guard kind == .still else { return }
        let change = outcome.changes.first { $0.reason == "newSource" }
        #expect(change.map { (110..<125).contains($0.picture) } == true, "\(outcome.changes)")
    }

    @Test func withoutItWarpingGoesOn() throws {
        let outcome = try Self.call(.off)
        #expect(outcome.changes.isEmpty)
        #expect(outcome.result.generatedPictures == 300)
    }

    @Test(arguments: [12.2, 32])
    func thePromiseIsKept(kilobits: Double) throws {
        let outcome = try Self.call(.stream, kilobits: kilobits)
        let promised = Bitrate(kilobitsPerSecond: kilobits).size(over: .seconds(2))
        #expect(outcome.result.largestTwoSeconds <= promised)
        #expect(outcome.wronglyWarped.isEmpty)
        #expect(outcome.result.voiceWire > .zero)
    }

    @Test func equalCallsDecideEqually() throws {
        let first = try Self.call(.stream, loss: 0.05)
        let second = try Self.call(.stream, loss: 0.05)
        #expect(first.changes == second.changes)
        #expect(first.result.wire == second.result.wire)
    }
}
