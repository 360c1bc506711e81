import Media
import RateQuality
import TestSupport
import Testing

@Suite("Classical codecs")
struct CodecListTests {
    @Test func eachIsThereAsInACallAndSlow() {
        let fast = ClassicalCodec.all.filter { $0.use == .realTime }.map(\.name)
        let slow = ClassicalCodec.all.filter { $0.use == .slow }.map(\.name)
        #expect(fast == ["vp8", "vp9", "h264", "h265", "av1-svt", "av1-aom", "h266"])
        #expect(slow == fast.map { $0 + "-slow" })
    }

    @Test(arguments: ClassicalCodec.all)
    func quantisersGoFromCoarseToFine(codec: ClassicalCodec) {
        #expect(codec.quantizers == codec.quantizers.sorted(by: >))
        #expect(codec.options.contains("@"))
        #expect(!codec.options(quantizer: 30).contains("@"))
        for count in 2...6 {
            let chosen = codec.quantizers(count)
            #expect(chosen.count == min(count, codec.quantizers.count))
            #expect(chosen.first == codec.quantizers.first && chosen.last == codec.quantizers.last)
            #expect(chosen == chosen.sorted(by: >) && Set(chosen).count == chosen.count)
        }
    }

    @Test func aClipWithoutPicturesIsCalledBroken() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: RawPictures.Failure.self) {
            try RawPictures.write([], rate: .standard, to: folder.file("empty.y4m"))
        }
        #expect(error?.description.contains("broken or empty") == true)
    }

    @Test func picturesComeBackFromAFile() throws {
        let folder = try TemporaryFolder()
        let size = PictureSize.standard
        let pictures = try (0..<3).map { number in
            let luma = size.width * size.height
            return try #require(
                VideoFrame(
                    size: size, time: .zero, y: [UInt8](repeating: UInt8(20 + number), count: luma),
                    u: [UInt8](repeating: UInt8(100 + number), count: luma / 4),
                    v: [UInt8](repeating: UInt8(150 + number), count: luma / 4)))
        }
        let bytes = pictures.flatMap { $0.y + $0.u + $0.v }
        let path = try folder.write(bytes, to: "plain.yuv")
        let found = try RawPictures.read(path, size: size, count: 3, numbers: [0, 2])
        #expect(found.map(\.y) == [pictures[0].y, pictures[2].y])
        #expect(found.map(\.v) == [pictures[0].v, pictures[2].v])
        #expect(throws: RawPictures.Failure.self) {
            try RawPictures.read(path, size: size, count: 4, numbers: [0])
        }
        #expect(throws: RawPictures.Failure.self) {
            try RawPictures.read(path, size: size, count: 3, numbers: [3])
        }
        #expect(throws: RawPictures.Failure.self) {
            try RawPictures.read(folder.file("none"), size: size, count: 3, numbers: [0])
        }
    }
}
