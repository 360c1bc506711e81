import Capture
import Media
import PNG
import TestSupport
import Testing

@Suite struct SourceDirectoryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ shade: UInt8, to name: String, width: Int = 300, height: Int = 200) throws
    {
        let pixels = [UInt8](repeating: shade, count: width * height * 3)
        let image = try #require(RGBImage(width: width, height: height, pixels: pixels))
        try PNGFile.write(image, to: folder.file(name))
    }

    @Test func picturesComeByName() throws {
        try write(200, to: "c.png")
        try write(0, to: "a.png", width: 1, height: 1)
        try write(100, to: "b.PNG", width: 31, height: 501)
        _ = try folder.write([1, 2, 3], to: "notes.txt")
        let frames = try SourceDirectory.pictures(in: folder.path)
        // Y = 16 + 219/255 of the grey.
        #expect(frames.map(\.middle) == [16, 102, 188])
        #expect(frames.allSatisfy { $0.size == .standard && $0.time == .zero })
    }

    @Test func emptyFoldersAreRefused() {
        let refusal = CaptureError.pictureCount(path: folder.path, found: 0, allowed: 1...8)
        #expect(throws: refusal) { try SourceDirectory.pictures(in: folder.path) }
    }

    @Test func ninePicturesAreTooMany() throws {
        for index in 0..<9 { try write(50, to: "\(index).png", width: 2, height: 2) }
        let refusal = CaptureError.pictureCount(path: folder.path, found: 9, allowed: 1...8)
        #expect(throws: refusal) { try SourceDirectory.pictures(in: folder.path) }
    }

    @Test func aBrokenPictureIsNamed() throws {
        try write(50, to: "a.png")
        let broken = try folder.write(Array("no picture".utf8), to: "b.png")
        let error = #expect(throws: CaptureError.self) {
            try SourceDirectory.pictures(in: folder.path)
        }
        #expect(error?.description.contains(broken) == true)
    }

    @Test(arguments: ["missing", "a.png"])
    func whatIsNoFolderIsRefused(name: String) throws {
        try write(50, to: "a.png")
        let error = #expect(throws: CaptureError.self) {
            try SourceDirectory.pictures(in: folder.file(name))
        }
        guard case .unreadableFolder? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
