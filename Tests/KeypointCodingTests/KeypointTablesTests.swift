import KeypointCoding
import Media
import TestSupport
import Testing

@Suite("Tables for keypoints")
struct KeypointTablesTests {
    let good: [UInt8]

    init() throws { good = try ShippedTables.bytes() }

    @Test func theShippedOnesAreForTwentyKeypoints() throws {
        let tables = try KeypointTables(parsing: good)
        #expect(tables.keypointCount == 20)
        #expect(tables.mean.keypoints.points.allSatisfy { abs($0.x) < 1 && abs($0.y) < 1 })
    }

    @Test func everyTruncationIsRefused() {
        for count in 0..<good.count {
            let cut = Array(good.prefix(count))
            let error =
                count <= 5
                ? KeypointTablesError.unknownFormat : .length(expected: good.count, found: count)
            #expect(throws: error) { try KeypointTables(parsing: cut) }
        }
        #expect(throws: KeypointTablesError.length(expected: good.count, found: good.count + 1)) {
            try KeypointTables(parsing: good + [0])
        }
    }

    @Test(arguments: 0..<5)
    func anotherFormatIsRefused(index: Int) {
        var bytes = good
        bytes[index] ^= 1
        #expect(throws: KeypointTablesError.unknownFormat) { try KeypointTables(parsing: bytes) }
    }

    @Test func wrongCountsAreNamed() {
        var bytes = good
        for count in [0, 65, 255] {
            bytes[5] = UInt8(count)
            #expect(throws: KeypointTablesError.keypointCount(count)) {
                try KeypointTables(parsing: bytes)
            }
        }
        bytes[5] = 19
        let error = #expect(throws: KeypointTablesError.self) {
            try KeypointTables(parsing: bytes)
        }
        guard case .length(let expected, good.count) = error, expected < good.count else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(arguments: [0, 31, 65505, 65535] as [UInt16])
    func certaintiesAreRefused(value: UInt16) {
        // The probabilities end before 40 expectations of two bytes.
        var bytes = good
        bytes[good.count - 82] = UInt8(value >> 8)
        bytes[good.count - 81] = UInt8(value & 0xFF)
        #expect(throws: KeypointTablesError.probability(Int(value))) {
            try KeypointTables(parsing: bytes)
        }
    }

    @Test func aBasisWithoutInverseIsRefusedByTheEncoderOnly() throws {
        var bytes = good
        // All of the basis, behind the header and the mean.
        for index in 126..<(126 + 7200) { bytes[index] = 0 }
        let tables = try KeypointTables(parsing: bytes)
        #expect(throws: KeypointTablesError.singularBasis) { try KeypointEncoder(tables) }
    }

    /// Tables full of the largest numbers make no sum overflow.
    @Test(arguments: [0x7F, 0x80, 0xFF] as [UInt8])
    func extremeTablesAreHarmless(byte: UInt8) throws {
        var bytes = [UInt8](repeating: byte, count: good.count)
        bytes.replaceSubrange(0..<6, with: good[0..<6])
        // Probabilities at which everything is large.
        for index in (good.count - 80 - 6000)..<(good.count - 80) {
            bytes[index] = index.isMultiple(of: 2) ? 0xFF : 0x00
        }
        let decoder = KeypointDecoder(try KeypointTables(parsing: bytes))
        var random = SplitMix64(seed: 1)
        for length in [1, 10, 4000] {
            let unit = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.next() | 0xF0) }
            let states = try decoder.decode(
                unit, pictureCount: 6, reference: decoder.tables.mean, kind: .source)
            #expect(states.count == 6)
        }
    }
}
