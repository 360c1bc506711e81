import Foundation
import RateQuality
import Testing

/// `Expected/bd-rate.json`, which `bd_rate.py` beside it has made by scipy.
private struct Expected: Decodable {
    struct Case: Decodable {
        struct Result: Decodable {
            let percent: Double
            let interval: [Double]
        }
        let higher: Bool
        let own, peer: [[Double]]
        let result: Result?

        func curve(_ points: [[Double]]) -> RateQualityCurve? {
            RateQualityCurve(
                points.map { .init(rate: $0[0], quality: $0[1]) }, higherIsBetter: higher)
        }
    }
    struct Cubic: Decodable {
        let x, y, places, values: [Double]
        let integral: Double
    }
    let cases: [Case]
    let pchip: Cubic

    static func read() throws -> Expected {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Expected/bd-rate.json")
        return try JSONDecoder().decode(Expected.self, from: Data(contentsOf: path))
    }
}

@Suite("BD-rate")
struct BDRateTests {
    private func curve(_ points: [(Double, Double)], higherIsBetter: Bool = true) throws
        -> RateQualityCurve
    {
        try #require(
            RateQualityCurve(
                points.map { .init(rate: $0.0, quality: $0.1) }, higherIsBetter: higherIsBetter))
    }

    @Test func theSameAsSciPy() throws {
        let cases = try Expected.read().cases
        #expect(cases.count == 11)
        for expected in cases {
            let own = expected.curve(expected.own)
            let peer = expected.curve(expected.peer)
            let found = peer.flatMap { peer in own?.difference(from: peer) }
            #expect((found == nil) == (expected.result == nil))
            guard let found, let result = expected.result else { continue }
            #expect(abs(found.percent - result.percent) < 1e-8 * max(1, abs(result.percent)))
            #expect(zip(found.interval, result.interval).allSatisfy { abs($0 - $1) < 1e-12 })
        }
    }

    @Test func theCubicIsSciPys() throws {
        let expected = try Expected.read().pchip
        let cubic = try #require(PiecewiseCubic(x: expected.x, y: expected.y))
        for (place, value) in zip(expected.places, expected.values) {
            #expect(abs(cubic(place) - value) < 1e-12)
        }
        #expect(abs(cubic.integral(over: 0.4...5.7) - expected.integral) < 1e-12)
        #expect(cubic(-5) == expected.y[0] && abs(cubic(50) - 7) < 1e-12)
        #expect(cubic.integral(over: -9...0) == 0)
    }

    @Test func halfTheRateForTheSameIsMinusFiftyPercent() throws {
        let points = [(10.0, 30.0), (20, 33), (45, 36.5), (90, 39)]
        let peer = try curve(points)
        for factor in [0.5, 1, 3] {
            let own = try curve(points.map { ($0.0 * factor, $0.1) })
            let found = try #require(own.difference(from: peer))
            #expect(abs(found.percent - 100 * (factor - 1)) < 1e-9)
            #expect(found.interval == [30, 39])
        }
    }

    @Test func onlyWhatBothReachCounts() throws {
        let low = try curve([(10, 0.3), (20, 0.2), (40, 0.1)], higherIsBetter: false)
        let high = try curve([(30, 0.15), (80, 0.05)], higherIsBetter: false)
        #expect(try #require(low.difference(from: high)).interval == [0.1, 0.15])
        let far = try curve([(90, 0.04), (200, 0.01)], higherIsBetter: false)
        #expect(low.difference(from: far) == nil)
    }

    @Test func settingsThatCostMoreAndAreWorseDoNotCount() throws {
        let found = try curve([(10, 30), (15, 29), (20, 33), (22, 33), (40, 36)])
        #expect(found.points.map(\.rate) == [10, 20, 40])
        #expect(RateQualityCurve([.init(rate: 1, quality: 1)], higherIsBetter: true) == nil)
        #expect(
            RateQualityCurve(
                [.init(rate: 1, quality: .nan), .init(rate: 0, quality: 1)], higherIsBetter: true)
                == nil)
    }

    @Test func theRateForAQualityIsReadFromTheCurve() throws {
        let found = try curve([(10, 0.3), (40, 0.1)], higherIsBetter: false)
        #expect(found.rate(for: 0.4) == .below(10))
        #expect(found.rate(for: 0.05) == .above(40))
        guard case .at(let rate) = found.rate(for: 0.2) else {
            Issue.record("no rate")
            return
        }
        // Half way in the logarithm.
        #expect(abs(rate - 20) < 1e-9)
    }

    @Test func theBootstrapIsTheSameEachTimeAndHoldsTheFigure() throws {
        let bootstrap = Bootstrap()
        let values = (0..<30).map { Double($0 % 7) }
        func mean(_ clips: [Int]) -> Double? {
            clips.reduce(0) { $0 + values[$1] } / Double(clips.count)
        }
        let outcome = bootstrap.outcome(over: 30, mean)
        let first = try #require(outcome.interval)
        #expect(outcome == bootstrap.outcome(over: 30, mean) && outcome.share == 1)
        #expect(first.contains(try #require(mean(Array(0..<30)))))
        // The mean of 30 values of deviation 2 is known to some ±0.72.
        #expect(abs(first.upperBound - first.lowerBound - 1.4) < 0.3)
        #expect(bootstrap.outcome(over: 0) { _ in 1 }.interval == nil)
        // A figure that exists for a third of the draws tells nothing; for two thirds, of these alone.
        let rare = bootstrap.outcome(over: 3) { $0[0] == 0 ? 1 : nil }
        #expect(rare.interval == nil && abs(rare.share - 1.0 / 3) < 0.05)
        let frequent = bootstrap.outcome(over: 3) { $0[0] == 0 ? nil : 1 }
        #expect(frequent.interval == 1...1 && abs(frequent.share - 2.0 / 3) < 0.05)
    }

    @Test func quantilesLieBetweenSamples() {
        #expect(quantile([1, 2, 3, 4], 0.5) == 2.5)
        #expect(quantile([1, 2, 3, 4], 0) == 1 && quantile([1, 2, 3, 4], 1) == 4)
        #expect(quantile([7], 0.3) == 7 && quantile([], 0.5).isNaN)
        let spread = Spread([5, 1, 3, 2, 4], higherIsBetter: true)
        #expect(spread?.mean == 3 && spread?.median == 3)
        #expect(abs((spread?.percentile95 ?? 0) - 1.2) < 1e-12)
        #expect(Spread([], higherIsBetter: true) == nil)
    }
}
