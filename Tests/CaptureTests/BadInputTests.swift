import Capture
import Foundation
import Media
import PNG
import TestSupport
import Testing

@Suite struct BadInputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatIsNoVideoIsRefused() throws {
        let text = try folder.write(Array("Dear diary,\nno video today.\n".utf8), to: "a.txt")
        let plain = try folder.write(Array("Dear diary,\nno video today.\n".utf8), to: "diary")
        let empty = try folder.write([], to: "empty.mp4")
        let noise = try folder.write((0..<5000).map { UInt8($0 * $0 % 251) }, to: "noise.mkv")
        let subtitles = Array("1\n00:00:00,000 --> 00:00:01,000\nHello\n".utf8)
        let words = try folder.write(subtitles, to: "words.srt")
        for path in [
            text, plain, empty, noise, words, folder.path, folder.file("missing.mp4"),
            "/dev/video99", "no:such:protocol", "",
        ] {
            let error = #expect(throws: CaptureError.self, "\(path)") {
                _ = try readAll(VideoInput(path))
            }
            #expect(path.isEmpty || error?.description.contains(path) == true)
        }
    }

    @Test func unknownFormatsAreNamed() {
        let input = VideoInput("x", format: "nonsense")
        #expect(throws: CaptureError.unknownFormat(input, format: "nonsense")) {
            _ = try VideoReader(input)
        }
    }

    @Test func aFileThatIsCutOffEndsEarly() throws {
        let bytes = Y4MClip(luma: [50, 100, 150, 200]).bytes
        for count in stride(from: bytes.count - 1, to: 0, by: -997) {
            let path = try folder.write(Array(bytes.prefix(count)), to: "cut.y4m")
            do throws(CaptureError) {
                let reader = try VideoReader(VideoInput(path))
                var found = 0
                while try reader.next() != nil { found += 1 }
                #expect((1...4).contains(found))
            } catch {
                #expect(count < bytes.count / 4 + 100, "\(count): \(error)")
            }
        }
    }

    @Test func theSizeMayChangeInTheMiddle() throws {
        var bytes = [UInt8]()
        for (width, height, shade) in [(64, 64, 60), (200, 90, 120), (31, 77, 180)] {
            let pixels = [UInt8](repeating: UInt8(shade), count: width * height * 3)
            let image = try #require(RGBImage(width: width, height: height, pixels: pixels))
            try PNGFile.write(image, to: folder.file("one.png"))
            bytes += [UInt8](try Data(contentsOf: URL(filePath: folder.file("one.png"))))
        }
        let input = VideoInput(try folder.write(bytes, to: "pictures"), format: "png_pipe")
        let frames = try readAll(input)
        #expect(frames.map(\.middle) == [68, 119, 171])

        // The second picture is too low for this crop.
        let reader = try VideoReader(input, crop: Crop(x: 0, y: 32, side: 32))
        #expect(try reader.next() != nil)
        #expect(try reader.next() != nil)
        #expect(throws: CaptureError.self) { while try reader.next() != nil {} }
    }

    @Test func damagedPicturesArePassedOver() throws {
        var bytes = [UInt8]()
        let image = RGBImage(size: .standard, red: 80, green: 90, blue: 100)
        try PNGFile.write(image, to: folder.file("one.png"))
        let whole = [UInt8](try Data(contentsOf: URL(filePath: folder.file("one.png"))))
        var damaged = whole
        // Within the chunk that holds the pixels, whose name and length stay.
        let name = try #require(whole.indices.first { whole[$0...].starts(with: "IDAT".utf8) })
        for place in name + 6..<whole.count - 16 { damaged[place] ^= 0x5a }
        bytes = whole + damaged + whole
        let input = VideoInput(try folder.write(bytes, to: "pictures"), format: "png_pipe")
        let reader = try VideoReader(input)
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(reader.skippedPictures >= 1)
        #expect((2...3).contains(count))
    }
}
