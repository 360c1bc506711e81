import Media
import Pipeline
import TestSupport
import Testing

@Suite struct HeadSourceTests {
    private static let size = PictureSize(width: 64, height: 64) ?? .standard

    @Test func picturesComeAtTheCallsRate() throws {
        let source = HeadSource(seed: nil, size: Self.size)
        let pictures = try (0..<4).map { _ in try #require(source.next()) }
        #expect(pictures.map(\.time.microseconds) == [0, 40_000, 80_000, 120_000])
        #expect(pictures.allSatisfy { $0.size == Self.size })
        #expect(!source.isLive)
        #expect(source.expectedCount == nil)
    }

    @Test func equalSeedsGiveEqualPeople() throws {
        let first = try #require(HeadSource(seed: 5, size: Self.size).next())
        #expect(HeadSource(seed: 5, size: Self.size).next() == first)
        #expect(HeadSource(seed: 6, size: Self.size).next() != first)
    }
}
