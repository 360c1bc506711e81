import Inference
import Media
import NeuralVideo
import Testing
import VideoCoding

@Suite("Keypoint detector")
struct NeuralKeypointDetectorTests {
    let detector: NeuralKeypointDetector

    init() throws {
        detector = try NeuralKeypointDetector(
            ModelFiles.shipped(), engine: Engine(),
            options: Model.Options(threads: 2, precision: .float32))
    }

    @Test func aPictureGivesKeypointsAsInPython() throws {
        let golden = try Golden.read()
        #expect(detector.keypointCount == Keypoints.standardCount)
        for detection in golden.detector {
            let found = try detector.detect(in: formulaPicture(phase: detection.phase))
            try #require(found.count == detection.locations.count)
            for (index, point) in found.points.enumerated() {
                // The picture went through 8 bits and 4:2:0, so it is not quite the same.
                #expect(abs(point.x - detection.locations[index][0]) < 0.03)
                #expect(abs(point.y - detection.locations[index][1]) < 0.03)
                #expect(abs(point.strength - detection.strengths[index]) < 0.03)
            }
        }
    }

    @Test func theSamePictureGivesTheSameKeypoints() throws {
        let picture = try formulaPicture(phase: 0.7)
        let first = try detector.detect(in: picture)
        _ = try detector.detect(in: formulaPicture(phase: 0.2))
        #expect(try detector.detect(in: picture) == first)
    }

    @Test(arguments: [(2, 2), (256, 128), (128, 256), (258, 256), (512, 512)])
    func otherSizesAreRefused(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        let picture = try formulaPicture(phase: 0, size: size)
        #expect(throws: CodecError.unsupportedSize(width: width, height: height)) {
            try detector.detect(in: picture)
        }
    }
}
