import KeypointCoding
import Media
import Testing

@Suite struct KeypointCoderTests {
    /// Keypoints that drift and wobble like a head's.
    static func motion(_ pictures: Int, seed: UInt64, count: Int = 20) -> [Keypoints] {
        var random = SplitMix64(seed: seed)
        var points = (0..<count).map { _ in
            Keypoint(
                x: Float(random.unit() * 1.6 - 0.8), y: Float(random.unit() * 1.6 - 0.8),
                strength: Float(random.unit()))
        }
        return (0..<pictures).map { _ in
            let shift = (Float(random.unit() - 0.5) * 0.05, Float(random.unit() - 0.5) * 0.05)
            for index in points.indices {
                points[index].x += shift.0 + Float(random.unit() - 0.5) * 0.01
                points[index].y += shift.1 + Float(random.unit() - 0.5) * 0.01
            }
            return Keypoints(points)
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>, [4, 7, 10] as [UInt8])
    func unitsReturnBitExactly(seed: UInt64, exponent: UInt8) throws {
        let step = try #require(QuantizerStep(exponent: exponent))
        let pictures = Self.motion(1 + Int(seed % 16), seed: seed)
            .map { QuantizedKeypoints($0, step: step) }
        let reference = QuantizedKeypoints(Self.motion(1, seed: seed + 99)[0], step: step)
        let bytes = try KeypointCoder.encode(pictures, reference: reference)
        let decoded = try KeypointCoder.decode(
            bytes, pictureCount: pictures.count, reference: reference)
        for (a, b) in zip(decoded, pictures) {
            for (p, q) in zip(a.keypoints.points, b.keypoints.points) {
                #expect(p.strength == q.strength)
                // A keypoint of strength zero has no location.
                if q.strength > 0 { #expect(p == q) }
            }
        }
    }

    @Test func quantisingMovesNoLocationByMoreThanHalfAStep() throws {
        for keypoints in Self.motion(50, seed: 3) {
            let back = QuantizedKeypoints(keypoints, step: .standard).keypoints
            for (p, q) in zip(keypoints.points, back.points) {
                #expect(abs(max(-1, min(1, p.x)) - q.x) <= 0.5 / 128)
                #expect(abs(max(-1, min(1, p.y)) - q.y) <= 0.5 / 128)
                #expect(abs(p.strength - q.strength) <= 0.5 / 7 + 1e-6)
            }
        }
    }

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30, -5])
    func wildValuesMoveToTheEdge(value: Float) {
        let wild = Keypoints([Keypoint(x: value, y: value, strength: value)])
        let point = QuantizedKeypoints(wild, step: .standard).keypoints.points[0]
        #expect((-1...1).contains(point.x))
        #expect((-1...1).contains(point.y))
        #expect((0...1).contains(point.strength))
    }

    @Test func extremesOfTheFinestStepReturn() throws {
        let step = try #require(QuantizerStep(exponent: 10))
        func corner(_ value: Float, _ count: Int = 20) -> QuantizedKeypoints {
            let point = Keypoint(x: value, y: -value, strength: value > 0 ? 1 : 0.2)
            return QuantizedKeypoints(
                Keypoints(Array(repeating: point, count: count)), step: step)
        }
        let pictures = [corner(1), corner(-1), corner(1)]
        let bytes = try KeypointCoder.encode(pictures, reference: corner(-1))
        #expect(
            try KeypointCoder.decode(bytes, pictureCount: 3, reference: corner(-1)) == pictures)
    }

    @Test func stillPicturesCostAlmostNothing() throws {
        let still = QuantizedKeypoints(Self.motion(1, seed: 1)[0], step: .standard)
        let bytes = try KeypointCoder.encode(
            Array(repeating: still, count: 16), reference: still)
        #expect(bytes.count < 40)
    }

    /// Any bytes give keypoints inside of the picture or an error, and soon.
    @Test func hostileBytesAreHarmless() throws {
        let reference = QuantizedKeypoints(Self.motion(1, seed: 5)[0], step: .standard)
        var random = SplitMix64(seed: 11)
        var errors = 0
        for _ in 0..<5000 {
            let count = Int(random.next() % 80)
            let bytes = [0x17] + (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            do {
                let pictures = try KeypointCoder.decode(
                    bytes, pictureCount: 16, reference: reference)
                for point in pictures.flatMap(\.keypoints.points) {
                    #expect((-1...1).contains(point.x) && (-1...1).contains(point.y))
                    #expect((0...1).contains(point.strength))
                }
            } catch {
                errors += 1
                #expect(error == .valueOutOfRange)
            }
        }
        #expect(errors > 0)
    }

    @Test func wrongFormatsAndReferencesAreNamed() throws {
        let reference = QuantizedKeypoints(Self.motion(1, seed: 5)[0], step: .standard)
        #expect(throws: KeypointCodingError.empty) {
            try KeypointCoder.decode([], pictureCount: 1, reference: reference)
        }
        #expect(throws: KeypointCodingError.unknownFormat(0x27)) {
            try KeypointCoder.decode([0x27], pictureCount: 1, reference: reference)
        }
        #expect(throws: KeypointCodingError.referenceMismatch) {
            try KeypointCoder.decode([0x18], pictureCount: 1, reference: reference)
        }
        let other = QuantizedKeypoints(Self.motion(1, seed: 5, count: 3)[0], step: .standard)
        #expect(throws: KeypointCodingError.referenceMismatch) {
            try KeypointCoder.encode([other], reference: reference)
        }
    }
}
