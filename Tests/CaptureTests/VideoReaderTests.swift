import Capture
import Media
import TestSupport
import Testing

@Suite struct VideoReaderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func clip(_ clip: Y4MClip) throws -> VideoInput {
        VideoInput(try folder.write(clip.bytes, to: "clip.y4m"))
    }

    @Test func picturesComeInOrderAtTheirTimes() throws {
        let luma = (0..<50).map { UInt8(40 + $0 * 3) }
        let input = try clip(Y4MClip(luma: luma))
        let reader = try VideoReader(input)
        #expect(!reader.isLive)
        #expect(reader.pictureCountEstimate == 50)
        #expect(reader.duration == .seconds(2))
        let frames = try readAll(input)
        #expect(frames.map(\.middle) == luma)
        #expect(frames.map(\.time.microseconds) == (0..<50).map { $0 * 40_000 })
        #expect(frames.allSatisfy { $0.u.allSatisfy { $0 == 128 } })
    }

    /// At 60 a second the last picture lies nearer to the place after the end of the second.
    @Test(arguments: [
        ("30:1", 60, 50), ("30000:1001", 60, 50), ("60:1", 60, 26), ("24:1", 48, 50),
        ("10:1", 20, 50), ("1:1", 3, 75), ("25:1", 1, 1),
    ])
    func everyRateBecomesTwentyFive(rate: String, count: Int, expected: Int) throws {
        let frames = try readAll(
            clip(Y4MClip(rate: rate, luma: (0..<count).map { UInt8($0 + 30) })))
        #expect(frames.count == expected)
        #expect(zip(frames, frames.dropFirst()).allSatisfy { $0.middle <= $1.middle })
        #expect(frames.first?.middle == 30)
        #expect(
            frames.map(\.time) == (0..<expected).map { PictureRate.standard.time(ofPicture: $0) })
    }

    @Test(arguments: [(1, 1), (2, 2), (1, 2), (3, 5), (17, 301), (641, 359)])
    func tinyAndOddSizesAreScaled(width: Int, height: Int) throws {
        let frames = try readAll(clip(Y4MClip(width: width, height: height, luma: [99, 99])))
        #expect(frames.count == 2)
        #expect(frames.allSatisfy { $0.y.allSatisfy { abs(Int($0) - 99) <= 1 } })
    }

    @Test func aPictureThatFitsIsNotTouched() throws {
        let size = try #require(PictureSize(width: 32, height: 32))
        var clip = Y4MClip(width: 32, height: 32, luma: [0]).bytes
        let noise = (0..<1536).map { (place: Int) -> UInt8 in
            UInt8(16 + place * (37 + place * 11) % 200)
        }
        clip.replaceSubrange((clip.count - noise.count)..., with: noise)
        let frames = try readAll(VideoInput(folder.write(clip, to: "noise.y4m")), size: size)
        #expect(frames.map { $0.y + $0.u + $0.v } == [noise])
    }

    @Test func theMiddleIsTakenUnlessToldOtherwise() throws {
        // Left third dark, the rest bright.
        var bytes = Y4MClip(width: 60, height: 20, luma: [200]).bytes
        let start = bytes.count - 60 * 20 * 3 / 2
        for row in 0..<20 { for column in 0..<20 { bytes[start + row * 60 + column] = 50 } }
        let input = VideoInput(try folder.write(bytes, to: "thirds.y4m"))
        #expect(try readAll(input).first?.middle == 200)
        #expect(try readAll(input, crop: Crop(x: 0, y: 0, side: 20)).first?.middle == 50)
        #expect(try readAll(input, crop: Crop(x: 40, y: 0, side: 20)).first?.middle == 200)
        let edge = try #require(try readAll(input, crop: Crop(x: 15, y: 3, side: 10)).first)
        #expect(edge.y.first == 50 && edge.y.last == 200)
    }

    @Test func aCropOutsideOfThePictureIsRefused() throws {
        let input = try clip(Y4MClip(width: 60, height: 20, luma: [200]))
        let crop = Crop(x: 50, y: 0, side: 20)
        #expect(throws: CaptureError.cropOutside(input, crop, width: 60, height: 20)) {
            try readAll(input, crop: crop)
        }
    }

    @Test func fullRangeBecomesLimited() throws {
        let full = Y4MClip(luma: [0, 128, 255], chroma: (u: 255, v: 1))
        var tagged = full
        tagged.tags = "C420jpeg XCOLORRANGE=FULL"
        let frames = try readAll(clip(tagged))
        #expect(zip(frames, [16, 126, 235]).allSatisfy { abs(Int($0.middle) - $1) <= 1 })
        #expect(frames.allSatisfy { abs(Int($0.u[0]) - 240) <= 1 && abs(Int($0.v[0]) - 16) <= 1 })
        #expect(try readAll(clip(full)).map(\.middle) == [0, 128, 255])
    }

    @Test func fullRangeBecomesLimitedWithoutScaling() throws {
        let clip = try clip(
            Y4MClip(width: 32, height: 32, tags: "C420jpeg XCOLORRANGE=FULL", luma: [0, 255]))
        #expect(try readAll(clip).map(\.middle) == [16, 235])
    }

    @Test func greyIsNeutral() throws {
        let header = Array("YUV4MPEG2 W32 H32 F25:1 Ip A1:1 Cmono XCOLORRANGE=LIMITED\n".utf8)
        let bytes = header + Array("FRAME\n".utf8) + [UInt8](repeating: 77, count: 32 * 32)
        let frames = try readAll(VideoInput(folder.write(bytes, to: "grey.y4m")))
        #expect(frames.map(\.middle) == [77])
        #expect(
            frames.allSatisfy { $0.u.allSatisfy { $0 == 128 } && $0.v.allSatisfy { $0 == 128 } })
    }
}
