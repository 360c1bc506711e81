import Media
import Testing

@Suite struct SourceSetTests {
    @Test func aSetHoldsOneToEightDifferentSourcesInOrder() throws {
        let identifiers = [7, 2, 5].map { SourceIdentifier($0) }
        let set = try #require(SourceSet(number: .zero, sources: identifiers))
        #expect(set.sources.map(\.rawValue) == [2, 5, 7])
        #expect(SourceSet(number: .zero, sources: []) == nil)
        #expect(SourceSet(number: .zero, sources: [identifiers[0], identifiers[0]]) == nil)
        let many = (0...8).map { SourceIdentifier($0) }
        #expect(SourceSet(number: .zero, sources: many) == nil)
        #expect(SourceSet(number: .zero, sources: many.dropLast()) != nil)
    }

    @Test func numbersOfSetsWrapAround() {
        #expect(SourceSetNumber(255).next == .zero)
        #expect(SourceSetNumber.zero.isNewer(than: SourceSetNumber(255)))
        #expect(SourceSetNumber(127).isNewer(than: .zero))
        #expect(!SourceSetNumber(128).isNewer(than: .zero))
        #expect(!SourceSetNumber(5).isNewer(than: SourceSetNumber(5)))
    }
}
