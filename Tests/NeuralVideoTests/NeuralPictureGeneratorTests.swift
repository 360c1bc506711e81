import Inference
import Media
import NeuralVideo
import Testing
import VideoCoding

@Suite("Picture generator")
struct NeuralPictureGeneratorTests {
    let detector: NeuralKeypointDetector
    let generator: NeuralPictureGenerator

    init() throws {
        let files = try ModelFiles.shipped()
        let engine = try Engine()
        let options = Model.Options(threads: 2, precision: .float32)
        detector = try NeuralKeypointDetector(files, engine: engine, options: options)
        generator = try NeuralPictureGenerator(files, engine: engine, options: options)
    }

    private func insert(_ number: UInt16, phase: Double) throws {
        let picture = try formulaPicture(phase: phase)
        try generator.insert(
            picture, keypoints: detector.detect(in: picture), as: SourceIdentifier(number))
    }

    private func driving() throws -> Keypoints {
        try detector.detect(in: formulaPicture(phase: 0.3))
    }

    @Test(arguments: [1, 2, 3, 8])
    func anyNumberOfSourcesGivesAPicture(count: Int) throws {
        for number in 0..<count { try insert(UInt16(number), phase: Double(number) / 10) }
        #expect(generator.sources == (0..<count).map { SourceIdentifier(UInt16($0)) })
        let time = MediaTime(microseconds: 40_000)
        let picture = try generator.generate(driving(), time: time)
        #expect(picture.size == .standard)
        #expect(picture.time == time)
        // A picture, not one grey: the sources' luma spreads over a hundred levels.
        let levels = Set(picture.y)
        #expect(levels.count > 50)
    }

    @Test func aSourceWarpedToItselfStaysAlike() throws {
        try insert(0, phase: 0.3)
        let picture = try generator.generate(driving(), time: .zero)
        let other = try formulaPicture(phase: 1.3)
        let original = try formulaPicture(phase: 0.3)
        #expect(lumaDifference(picture, original) < lumaDifference(picture, other) / 2)
    }

    @Test func aSecondEqualSourceChangesLittle() throws {
        try insert(0, phase: 0)
        let alone = try generator.generate(driving(), time: .zero)
        try insert(1, phase: 0)
        let twice = try generator.generate(driving(), time: .zero)
        // The picture itself, which is nearer.
        try insert(1, phase: 0.3)
        let different = try generator.generate(driving(), time: .zero)
        #expect(lumaDifference(alone, twice) < 2)
        #expect(lumaDifference(alone, twice) < lumaDifference(alone, different))
    }

    @Test func removingRestoresWhatWasBefore() throws {
        try insert(5, phase: 0.2)
        try insert(3, phase: 1.2)
        let before = try generator.generate(driving(), time: .zero)
        try insert(1, phase: 0.3)
        let with = try generator.generate(driving(), time: .zero)
        #expect(lumaDifference(before, with) > 0)
        generator.remove(SourceIdentifier(1))
        generator.remove(SourceIdentifier(99))
        #expect(generator.sources == [SourceIdentifier(3), SourceIdentifier(5)])
        #expect(try generator.generate(driving(), time: .zero) == before)
        // Removing the first moves the last into its place.
        generator.remove(SourceIdentifier(5))
        let moved = try generator.generate(driving(), time: .zero)
        generator.remove(SourceIdentifier(3))
        #expect(generator.sources.isEmpty)
        try insert(3, phase: 1.2)
        #expect(try generator.generate(driving(), time: .zero) == moved)
    }

    /// What is farther than the two nearest is not looked at, in whatever order sources came.
    @Test func picturesAreRebuiltFromTheNearestSources() throws {
        try insert(7, phase: 0.5)
        try insert(2, phase: 0.4)
        let expected = try generator.generate(driving(), time: .zero)
        for (number, phase) in [(4, 2.2), (3, 1.8), (9, 2.6)] {
            try insert(UInt16(number), phase: phase)
        }
        #expect(try generator.generate(driving(), time: .zero) == expected)
        for number in [7, 2] { generator.remove(SourceIdentifier(UInt16(number))) }
        #expect(try generator.generate(driving(), time: .zero) != expected)
        try insert(2, phase: 0.4)
        try insert(7, phase: 0.5)
        // The order of two is that of rounding alone.
        #expect(lumaDifference(try generator.generate(driving(), time: .zero), expected) < 0.5)
        // Another picture, of which others are the nearest, and back.
        let far = try detector.detect(in: formulaPicture(phase: 2.3))
        #expect(try generator.generate(far, time: .zero) != expected)
        #expect(lumaDifference(try generator.generate(driving(), time: .zero), expected) < 0.5)
    }

    @Test func insertingAHeldIdentifierReplacesItsSource() throws {
        try insert(0, phase: 1.5)
        let expected = try generator.generate(driving(), time: .zero)
        try insert(0, phase: 0)
        #expect(try generator.generate(driving(), time: .zero) != expected)
        try insert(0, phase: 1.5)
        #expect(generator.sources == [SourceIdentifier(0)])
        #expect(try generator.generate(driving(), time: .zero) == expected)
    }

    @Test func theSetHasLimits() throws {
        #expect(throws: CodecError.sourceCount(0)) {
            try generator.generate(driving(), time: .zero)
        }
        for number in 0..<8 { try insert(UInt16(number), phase: 0) }
        #expect(throws: CodecError.sourceCount(9)) { try insert(8, phase: 0) }
        try insert(7, phase: 1)
        #expect(generator.sources.count == generator.largestSourceCount)
    }

    @Test func whatDoesNotFitTheNetworkIsRefused() throws {
        let size = try #require(PictureSize(width: 128, height: 256))
        let small = try formulaPicture(phase: 0, size: size)
        let keypoints = try driving()
        #expect(throws: CodecError.unsupportedSize(width: 128, height: 256)) {
            try generator.insert(small, keypoints: keypoints, as: SourceIdentifier(0))
        }
        let few = Keypoints(Array(keypoints.points.prefix(3)))
        let picture = try formulaPicture(phase: 0)
        #expect(throws: CodecError.keypointCount(expected: 20, found: 3)) {
            try generator.insert(picture, keypoints: few, as: SourceIdentifier(0))
        }
        #expect(generator.sources.isEmpty)
        try insert(0, phase: 0)
        #expect(throws: CodecError.keypointCount(expected: 20, found: 0)) {
            try generator.generate(Keypoints([]), time: .zero)
        }
    }

    @Test func anyKeypointsGiveAPicture() throws {
        let values = [
            Float.nan, .infinity, -.infinity, .greatestFiniteMagnitude, -1e30,
            .leastNonzeroMagnitude, .signalingNaN,
        ]
        let source = try formulaPicture(phase: 0)
        for value in values {
            let odd = Keypoints(
                (0..<20).map { index in
                    Keypoint(
                        x: index % 3 == 0 ? value : 0.1, y: index % 3 == 1 ? value : 0.2,
                        strength: index % 3 == 2 ? value : 0.5)
                })
            try generator.insert(source, keypoints: odd, as: SourceIdentifier(0))
            #expect(try generator.generate(odd, time: .zero).size == .standard)
        }
        // What was odd leaves no trace in later pictures.
        try insert(0, phase: 0)
        let later = try generator.generate(driving(), time: .zero)
        #expect(Set(later.y).count > 50)
    }
}
