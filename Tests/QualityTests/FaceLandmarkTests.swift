import Inference
import Media
import PNG
import Quality
import TestSupport
import Testing

@Suite(
    "Landmarks of a face",
    .enabled(if: SharedWeights.mtcnn != nil, "needs mtcnn.safetensors, see PANTOGRAPH_SHARED"))
struct FaceLandmarkTests {
    // What Training/landmarks.py finds in the same pictures, three of a rendered head side by side:
    //   LandmarkDetector("mtcnn.safetensors", 56)(picture)
    static let expected: [[[Double]]] = [
        [
            [84.921, 116.538], [130.782, 117.326], [108.438, 151.260], [87.325, 170.534],
            [125.884, 171.009],
        ],
        [
            [115.820, 124.374], [162.044, 125.975], [141.419, 161.061], [118.171, 181.787],
            [157.122, 181.186],
        ],
        [
            [131.085, 120.759], [177.924, 120.487], [161.489, 154.628], [139.377, 180.107],
            [170.778, 178.379],
        ],
    ]

    /// One of the pictures, 256 pixels a side.
    static func head(_ index: Int) throws -> RGBImage {
        let sheet = try PNGFile.read(
            ProjectFolders.package + "/Tests/QualityTests/Fixtures/heads.png")
        var pixels = [UInt8]()
        for line in 0..<256 {
            let start = (line * sheet.width + index * 256) * 3
            pixels += sheet.pixels[start..<start + 256 * 3]
        }
        return try #require(RGBImage(width: 256, height: 256, pixels: pixels))
    }

    @Test(arguments: expected.indices)
    func theSameAsInPython(index: Int) throws {
        let points = Self.expected[index]
        let detector = try FaceLandmarkDetector(
            weights: try #require(SharedWeights.mtcnn), engine: Engine())
        let found = try #require(
            try detector.landmarks(in: try Self.head(index)))
        for (point, expected) in zip(found.points, points) {
            #expect(abs(point.x - expected[0]) < 0.02 && abs(point.y - expected[1]) < 0.02)
        }
    }

    @Test func whereThereIsNoFaceNoneIsFound() throws {
        let detector = try FaceLandmarkDetector(
            weights: try #require(SharedWeights.mtcnn), engine: Engine())
        let grey = RGBImage(size: .standard, red: 90, green: 90, blue: 90)
        #expect(try detector.landmarks(in: grey) == nil)
        // Smaller than any face.
        let small = try picture(width: 40, height: 33, step: 1, shift: 0)
        #expect(try detector.landmarks(in: small) == nil)
    }
}

@Suite("Distances of landmarks")
struct FaceLandmarkDistanceTests {
    @Test func theDistanceIsTheMeanOfFive() {
        let face = BackgroundMotionTests.face(x: 60, y: 50)
        let moved = BackgroundMotionTests.face(x: 63, y: 54)
        #expect(abs(face.distance(to: moved) - 5) < 1e-12)
        #expect(face.distance(to: face) == 0)
    }

    @Test func missingWeightsAreAnError() throws {
        let path = "/nowhere/mtcnn.safetensors"
        #expect(throws: QualityError.unreadable(path: path)) {
            try FaceLandmarkDetector(weights: path, engine: Engine())
        }
    }
}
