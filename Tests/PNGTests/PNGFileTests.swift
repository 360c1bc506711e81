import Foundation
import Media
import PNG
import TestSupport
import Testing

@Suite struct PNGFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [(1, 1), (3, 5), (64, 48), (255, 257)])
    func whatIsWrittenIsRead(width: Int, height: Int) throws {
        let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 * 7 + $0 / 5) }
        let image = try #require(RGBImage(width: width, height: height, pixels: pixels))
        try PNGFile.write(image, to: folder.file("a.png"))
        #expect(try PNGFile.read(folder.file("a.png")) == image)
    }

    @Test(arguments: [
        HandmadePNG(width: 2, height: 1, depth: 8, colourType: 0, rows: [[10, 200]]),
        HandmadePNG(
            width: 2, height: 1, depth: 16, colourType: 2,
            rows: [
                [10, 10, 10, 10, 10, 10, 200, 200, 200, 200, 200, 200]
            ]),
        HandmadePNG(
            width: 2, height: 1, depth: 1, colourType: 3, palette: [10, 10, 10, 200, 200, 200],
            rows: [[0x40]]),
        HandmadePNG(width: 2, height: 1, depth: 8, colourType: 4, rows: [[10, 255, 200, 255]]),
        HandmadePNG(
            width: 2, height: 1, depth: 8, colourType: 6,
            rows: [
                [10, 10, 10, 255, 200, 200, 200, 255]
            ]),
    ])
    func everyColourTypeBecomesRGB(png: HandmadePNG) throws {
        let image = try PNGFile.read(folder.write(png.bytes, to: "a.png"))
        #expect(image.width == 2 && image.height == 1)
        let expected: [UInt8] = [10, 10, 10, 200, 200, 200]
        for (a, b) in zip(image.pixels, expected) { #expect(abs(Int(a) - Int(b)) <= 1) }
    }

    @Test func transparentPixelsAreBlack() throws {
        let png = HandmadePNG(
            width: 1, height: 1, depth: 8, colourType: 6, rows: [[250, 250, 250, 0]])
        #expect(try PNGFile.read(folder.write(png.bytes, to: "a.png")).pixels == [0, 0, 0])
    }

    @Test func everyTruncationIsRefused() throws {
        let png = HandmadePNG(
            width: 4, height: 4, depth: 8, colourType: 2,
            rows: Array(repeating: (0..<12).map { UInt8($0 * 20) }, count: 4))
        // The last 12 bytes are the end mark, which libpng does not need for the pixels.
        for count in 0..<png.bytes.count - 16 {
            let path = try folder.write(Array(png.bytes.prefix(count)), to: "cut.png")
            let error = #expect(throws: PNGError.self, "\(count) bytes") {
                try PNGFile.read(path)
            }
            guard case .unreadable(path, _)? = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
    }

    @Test func hugePicturesAreRefusedBeforeTheirPixels() throws {
        let png = HandmadePNG(width: 60000, height: 60000, depth: 8, colourType: 2, rows: [[0]])
        let path = try folder.write(png.bytes, to: "huge.png")
        let refusal = PNGError.tooLarge(
            path: path, width: 60000, height: 60000, largestSide: PictureSize.largestSide)
        #expect(throws: refusal) { try PNGFile.read(path) }
    }

    @Test func missingFilesFoldersAndTextAreRefused() throws {
        let text = try folder.write(Array("hello".utf8), to: "text.png")
        for path in [folder.file("none.png"), folder.path, text, ""] {
            #expect(throws: PNGError.self) { try PNGFile.read(path) }
        }
    }

    @Test func unwritablePlacesAreRefused() throws {
        let image = RGBImage(size: .standard, red: 1, green: 2, blue: 3)
        for path in [folder.file("no/folder.png"), folder.path, ""] {
            #expect(throws: PNGError.self) { try PNGFile.write(image, to: path) }
        }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
    func aFullDiskIsToldOf() throws {
        let image = RGBImage(size: .standard, red: 1, green: 2, blue: 3)
        // A link, since libpng removes the file that it could not finish.
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("full.png"), withDestinationPath: "/dev/full")
        #expect(throws: PNGError.self) { try PNGFile.write(image, to: folder.file("full.png")) }
    }
}
