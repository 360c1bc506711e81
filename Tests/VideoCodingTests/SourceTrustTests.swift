import Media
import Testing
import VideoCoding

@Suite struct SourceTrustTests {
    private func trust() -> SourceTrust { SourceTrust(prior: 0.05, halfLife: .seconds(10)) }

    @Test func itBeginsWhole() {
        #expect(trust().share(at: .zero) == 1)
        #expect(trust().share(at: .seconds(1000)) == 1)
    }

    @Test func whatComesTrueKeepsIt() {
        var trust = trust()
        for second in 1...20 {
            trust.take(expected: 0.1, found: 0.13, at: .seconds(second))
            #expect(abs(trust.share(at: .seconds(second)) - 1) < 1e-9)
        }
    }

    @Test func whatBringsNothingCostsIt() {
        var trust = trust()
        trust.take(expected: 0.05, found: 0, at: .zero)
        #expect(abs(trust.share(at: .zero) - 0.5) < 1e-9)
        trust.take(expected: 0.1, found: 0, at: .zero)
        #expect(abs(trust.share(at: .zero) - 0.25) < 1e-9)
        // What makes it worse takes it all, never more.
        trust.take(expected: 0.1, found: -1, at: .zero)
        #expect(trust.share(at: .zero) == 0)
    }

    @Test func halfOfItTrueIsHalfTrust() {
        var trust = trust()
        for second in 0..<60 { trust.take(expected: 0.2, found: 0.1, at: .seconds(second)) }
        #expect(abs(trust.share(at: .seconds(60)) - 0.5) < 0.02)
    }

    /// Sooner or later another one is tried.
    @Test func itComesBackWithTime() {
        var trust = trust()
        trust.take(expected: 0.2, found: 0, at: .seconds(5))
        var before = trust.share(at: .seconds(5))
        #expect(before < 0.21)
        for second in stride(from: 10, through: 60, by: 5) {
            let share = trust.share(at: .seconds(second))
            #expect(share > before && share <= 1)
            before = share
        }
        #expect(before > 0.9)
    }

    @Test(arguments: [0, -0.1, .nan, .infinity])
    func whatWasToBringNothingTellsNothing(expected: Double) {
        var trust = trust()
        trust.take(expected: expected, found: -0.5, at: .zero)
        trust.take(expected: 0.1, found: .nan, at: .zero)
        #expect(trust.share(at: .zero) == 1)
    }
}
