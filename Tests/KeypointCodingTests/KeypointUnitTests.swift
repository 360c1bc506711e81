import KeypointCoding
import Media
import TestSupport
import Testing

@Suite("Units of keypoints")
struct KeypointUnitTests {
    let tables: KeypointTables
    let encoder: KeypointEncoder
    let decoder: KeypointDecoder

    init() throws {
        tables = try ShippedTables.read()
        encoder = try KeypointEncoder(tables)
        decoder = KeypointDecoder(tables)
    }

    private static let kinds: [ReferenceKind] =
        [.source] + [1, 2, 3, 5, 6, 11, 12, 64].map { .picture(distance: $0) }

    @Test(arguments: 1...6, kinds)
    func decodersGetWhatTheEncoderSays(count: Int, kind: ReferenceKind) throws {
        var motion = Motion(seed: UInt64(count), tables: tables)
        var reference = motion.next()
        for step in QuantizerStep.all {
            let pictures = (0..<count).map { _ in motion.next() }
            let coded = try encoder.encode(pictures, step: step, reference: reference, kind: kind)
            let decoded = try decoder.decode(
                coded.payload, pictureCount: count, reference: reference, kind: kind)
            #expect(decoded == coded.states)
            reference = coded.states[count - 1]
        }
    }

    @Test func finerStepsComeNearerAndTakeMoreBytes() throws {
        var motion = Motion(seed: 5, tables: tables)
        let pictures = (0..<300).map { _ in motion.next() }
        var figures: [(bytes: Int, error: Double)] = []
        for index in [0, 5, 10, 15] {
            let step = try #require(QuantizerStep(index: index))
            var reference = pictures[0]
            var (bytes, error) = (0, 0.0)
            for first in stride(from: 3, to: 300, by: 3) {
                let unit = Array(pictures[first..<(first + 3)])
                let coded = try encoder.encode(
                    unit, step: step, reference: reference, kind: .picture(distance: 1))
                bytes += coded.payload.count
                for (a, b) in zip(unit, coded.states) {
                    let difference = zip(
                        try encoder.components(of: a), try encoder.components(of: b)
                    ).map { $0 - $1 }
                    error += difference.reduce(0) { $0 + $1 * $1 }
                }
                reference = coded.states[2]
            }
            figures.append((bytes, error))
        }
        for (finer, coarser) in zip(figures, figures.dropFirst()) {
            #expect(finer.bytes > coarser.bytes)
            #expect(finer.error < coarser.error)
        }
    }

    /// States stay the same at both ends over thousands of units, however many are lost.
    @Test(arguments: [0, 0.1, 0.5])
    func nothingDriftsApart(loss: Double) throws {
        var motion = Motion(seed: 7, tables: tables)
        var dice = SplitMix64(seed: 8)
        let source = try encoder.encode(
            [motion.next()], step: .standard, reference: tables.mean, kind: .mean)
        let shown = try decoder.decode(
            source.payload, pictureCount: 1, reference: tables.mean, kind: .mean)[0]
        #expect(shown == source.states[0])
        // What the receiver has decoded, and what the sender knows of that, two units later.
        var held: [Int: KeypointState] = [:]
        var acknowledged: [Int: KeypointState] = [:]
        var onTheWay: [(first: Int, states: [KeypointState], arrives: Bool)] = []
        var first = 0
        for _ in 0..<2000 {
            let count = 1 + motion.below(6)
            let pictures = (0..<count).map { _ in motion.next() }
            let newest = acknowledged.keys.max()
            let reference = newest.flatMap { acknowledged[$0] } ?? shown
            let kind = newest.map { ReferenceKind.picture(distance: first - $0) } ?? .source
            let step = try #require(QuantizerStep(index: motion.below(16)))
            let coded = try encoder.encode(pictures, step: step, reference: reference, kind: kind)
            let arrives = dice.unit() >= loss
            if arrives {
                let decoded = try decoder.decode(
                    coded.payload, pictureCount: count,
                    reference: newest.flatMap { held[$0] } ?? shown, kind: kind)
                #expect(decoded == coded.states)
                for (index, state) in decoded.enumerated() { held[first + index] = state }
            }
            onTheWay.append((first, coded.states, arrives))
            if onTheWay.count > 2 {
                let old = onTheWay.removeFirst()
                for (index, state) in old.states.enumerated() where old.arrives {
                    acknowledged[old.first + index] = state
                }
            }
            first += count
            held = held.filter { first - $0.key <= 64 }
            acknowledged = acknowledged.filter { first - $0.key <= 64 }
        }
    }

    @Test func anyStatesCanBeCoded() throws {
        var motion = Motion(seed: 9, tables: tables)
        for _ in 0..<200 {
            let pictures = (0..<6).map { _ in motion.anywhere() }
            let reference = motion.anywhere()
            let step = try #require(QuantizerStep(index: motion.below(16)))
            let coded = try encoder.encode(
                pictures, step: step, reference: reference, kind: .source)
            let decoded = try decoder.decode(
                coded.payload, pictureCount: 6, reference: reference, kind: .source)
            #expect(decoded == coded.states)
        }
    }

    @Test func stillPicturesCostAlmostNothing() throws {
        var motion = Motion(seed: 1, tables: tables)
        let still = motion.next()
        let coded = try encoder.encode(
            Array(repeating: still, count: 6), step: .standard, reference: still,
            kind: .picture(distance: 1))
        #expect(coded.payload.count <= 8)
        #expect(coded.states == Array(repeating: still, count: 6))
    }

    /// All that a network may do to a unit gives pictures, and numbers that survive being coded again.
    @Test func everyTruncationAndEveryFlippedBitDecodes() throws {
        var motion = Motion(seed: 3, tables: tables)
        let reference = motion.next()
        let pictures = (0..<3).map { _ in motion.next(wildness: 20) }
        let good = try encoder.encode(
            pictures, step: .standard, reference: reference, kind: .source
        ).payload
        var broken = (1..<good.count).map { Array(good.prefix($0)) }
        for bit in 0..<(8 * good.count) {
            var bytes = good
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            broken.append(bytes)
        }
        for bytes in broken {
            let numbers = try KeypointNumbers(
                decoding: bytes, pictureCount: 3, kind: .source, tables: tables)
            let again = try KeypointNumbers(
                decoding: numbers.encoded(.source, tables: tables), pictureCount: 3, kind: .source,
                tables: tables)
            #expect(again == numbers)
            for state in numbers.states(from: reference, tables: tables) {
                for point in state.keypoints.points {
                    #expect((-1...1).contains(point.x) && (-1...1).contains(point.y))
                    #expect((0...1).contains(point.strength))
                }
            }
        }
    }

    @Test func rubbishDecodes() throws {
        var random = SplitMix64(seed: 11)
        var motion = Motion(seed: 4, tables: tables)
        for _ in 0..<1000 {
            let bytes = (0...Int(random.next() % 200)).map { _ in
                UInt8(truncatingIfNeeded: random.next())
            }
            let count = 1 + Int(random.next() % 6)
            let decoded = try decoder.decode(
                bytes, pictureCount: count, reference: motion.anywhere(), kind: .source)
            #expect(decoded.count == count)
        }
    }

    @Test func whatCannotBeCodedIsNamed() throws {
        let mean = tables.mean
        #expect(throws: KeypointCodingError.empty) {
            try decoder.decode([], pictureCount: 1, reference: mean, kind: .source)
        }
        for count in [-1, 0, 7, .max] {
            #expect(throws: KeypointCodingError.pictureCount(count)) {
                try decoder.decode([1], pictureCount: count, reference: mean, kind: .source)
            }
        }
        #expect(throws: KeypointCodingError.pictureCount(2)) {
            try decoder.decode([1], pictureCount: 2, reference: mean, kind: .mean)
        }
        #expect(throws: KeypointCodingError.pictureCount(0)) {
            try encoder.encode([], step: .standard, reference: mean, kind: .source)
        }
        let other = KeypointState(values: [1, 2, 3])
        let wrongCount = KeypointCodingError.keypointCount(expected: 20, found: 1)
        #expect(throws: wrongCount) {
            try decoder.decode([1], pictureCount: 1, reference: other, kind: .source)
        }
        #expect(throws: wrongCount) {
            try encoder.encode([other], step: .standard, reference: mean, kind: .source)
        }
        #expect(throws: wrongCount) {
            try encoder.encode([mean], step: .standard, reference: other, kind: .source)
        }
    }
}
