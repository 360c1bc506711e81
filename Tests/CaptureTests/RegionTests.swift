import Media
import Testing

import Capture

@Suite struct RegionTests {
    @Test(arguments: [
        (640, 480, 1.0, [80, 0, 480, 480]), (480, 640, 1.0, [0, 80, 480, 480]),
        (1, 1, 1.0, [0, 0, 1, 1]), (3, 8191, 1.0, [0, 4094, 3, 3]),
        // Narrow pixels of PAL at 4:3, 768 wide as displayed: more of them to a square.
        (720, 576, 16.0 / 15, [90, 0, 540, 576]),
    ])
    func theCentreIsSquareAsDisplayed(
        width: Int, height: Int, aspect: Double, expected: [Int]
    ) {
        let region = Region(centredIn: width, height, aspect: aspect, shape: .standard)
        #expect([region.x, region.y, region.width, region.height] == expected)
    }

    @Test func theShapeFollowsTheSize() throws {
        let wide = try #require(PictureSize(width: 512, height: 256))
        let region = Region(centredIn: 640, 480, aspect: 1, shape: wide)
        #expect([region.x, region.y, region.width, region.height] == [0, 80, 640, 320])
    }

    @Test(arguments: [Crop(x: 0, y: 0, side: 100), Crop(x: 540, y: 380, side: 100)])
    func squaresInsideAreTaken(crop: Crop) {
        #expect(Region(crop, in: 640, 480, rotation: .none) != nil)
    }

    @Test(arguments: [
        Crop(x: 541, y: 0, side: 100), Crop(x: 0, y: 381, side: 100), Crop(x: 0, y: 0, side: 481),
        Crop(x: -1, y: 0, side: 10), Crop(x: 0, y: 0, side: 0), Crop(x: .max, y: .max, side: .max),
        Crop(x: .min, y: 0, side: .max),
    ])
    func squaresOutsideAreNot(crop: Crop) {
        #expect(Region(crop, in: 640, 480, rotation: .none) == nil)
    }

    /// A square is found again in the turned picture where the displayed one has it.
    @Test(arguments: [Rotation.none, .quarter, .half, .threeQuarters])
    func squaresTurnWithThePicture(rotation: Rotation) throws {
        let (width, height) = (6, 4)
        let stored = (0..<UInt8(width * height)).map { $0 }
        let across = rotation.swapsSides ? height : width
        let displayed = rotation.turn(stored, width: width, height: height)
        let crop = Crop(x: 1, y: 2, side: 2)
        let region = try #require(Region(crop, in: width, height, rotation: rotation))
        func cut(_ plane: [UInt8], _ x: Int, _ y: Int, stride: Int) -> [UInt8] {
            (y..<y + 2).flatMap { row in (x..<x + 2).map { plane[row * stride + $0] } }
        }
        let part = cut(stored, region.x, region.y, stride: width)
        #expect(
            rotation.turn(part, width: 2, height: 2)
                == cut(displayed, crop.x, crop.y, stride: across))
    }

    @Test func aQuarterTurnIsClockwise() {
        #expect(
            Rotation.quarter.turn([1, 2, 3, 4, 5, 6], width: 3, height: 2) == [4, 1, 5, 2, 6, 3])
    }

    @Test(arguments: [
        (0, Rotation.none), (90, .quarter), (-90, .threeQuarters), (180, .half), (-180, .half),
        (269.9, .threeQuarters), (.nan, .none), (.infinity, .none),
    ])
    func anglesBecomeQuarterTurns(degrees: Double, expected: Rotation) {
        #expect(Rotation(clockwiseDegrees: degrees) == expected)
    }

    @Test(arguments: ["", "1,2", "1,2,3,4", "a,b,c", "-1,0,5", "0,0,0", "1,,2", "0,0,1e3"])
    func badCropsAreRefused(text: String) {
        #expect(Crop(text) == nil)
    }

    @Test func cropsAreRead() {
        #expect(Crop("10,20,300") == Crop(x: 10, y: 20, side: 300))
        #expect(Crop("10,20,300")?.description == "10,20,300")
    }
}
