import Foundation
import Media
import PNG
import Presentation
import TestSupport
import Testing

@Suite struct PNGDirectoryWriterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func picturesAreNumbered() throws {
        let writer = try PNGDirectoryWriter(path: folder.file("new"))
        for number in 0..<3 { try writer.show(#require(movingPicture(number))) }
        writer.finish()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("new"))
        #expect(names.sorted() == ["000000.png", "000001.png", "000002.png"])
        let picture = try #require(movingPicture(2))
        #expect(try PNGFile.read(folder.file("new/000002.png")) == RGBImage(picture))
    }

    @Test func otherFilesStay() throws {
        let notes = try folder.write([1, 2, 3], to: "notes.txt")
        let writer = try PNGDirectoryWriter(path: folder.path)
        try writer.show(#require(movingPicture(0)))
        #expect(FileManager.default.fileExists(atPath: notes))
    }

    @Test func placesForNoFolderAreRefused() throws {
        let file = try folder.write([1], to: "file")
        for path in [file, folder.file("no/folder"), ""] {
            #expect(throws: PresentationError.self) { _ = try PNGDirectoryWriter(path: path) }
        }
    }

    @Test func aFolderThatGoesAwayIsToldOf() throws {
        let writer = try PNGDirectoryWriter(path: folder.file("new"))
        try FileManager.default.removeItem(atPath: folder.file("new"))
        #expect(throws: PresentationError.self) { try writer.show(#require(movingPicture(0))) }
    }
}
