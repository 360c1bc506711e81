import Capture
import Foundation
import Media
import Presentation
import TestSupport
import Testing

@Suite struct VideoFileWriterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Peak signal-to-noise ratio of all three planes together, in dB.
    private func psnr(_ a: VideoFrame, _ b: VideoFrame) -> Double {
        let pairs = zip(a.y + a.u + a.v, b.y + b.u + b.v)
        let sum = pairs.reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
        let error = Double(sum) / Double(a.y.count * 3 / 2)
        return error == 0 ? .infinity : 10 * log10(255 * 255 / error)
    }

    @Test(arguments: ["mkv", "mp4", "mov", "webm", "avi", "y4m", "ts"])
    func whatIsWrittenIsReadAgain(ending: String) throws {
        let path = folder.file("clip.\(ending)")
        let writer = try VideoFileWriter(path: path)
        let pictures = (0..<30).compactMap { movingPicture($0) }
        #expect(pictures.count == 30)
        for picture in pictures { try writer.show(picture) }
        try writer.finish()
        try writer.finish()

        let reader = try VideoReader(VideoInput(path))
        var found = [VideoFrame]()
        while let frame = try reader.next() { found.append(frame) }
        #expect(found.count == 30)
        #expect(reader.skippedPictures == 0)
        for (original, copy) in zip(pictures, found) {
            #expect(original.time == copy.time)
            #expect(psnr(original, copy) > 35, "picture at \(original.time.microseconds) µs")
        }
    }

    @Test(arguments: [(2, 2), (18, 66), (640, 360)])
    func otherSizesAreWritten(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        let picture = try #require(movingPicture(0, size: size))
        let writer = try VideoFileWriter(path: folder.file("clip.mkv"), size: size)
        try writer.show(picture)
        try writer.finish()
        let reader = try VideoReader(VideoInput(folder.file("clip.mkv")), size: size)
        let copy = try #require(try reader.next())
        #expect(psnr(picture, copy) > 35)
    }

    @Test func aGapInTimeIsAGapInTheFile() throws {
        let writer = try VideoFileWriter(path: folder.file("clip.mkv"))
        for number in [100, 101, 104, 110] { try writer.show(#require(movingPicture(number))) }
        try writer.finish()
        let reader = try VideoReader(VideoInput(folder.file("clip.mkv")))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 11)
    }

    @Test func timesThatStandStillOrGoBackAreSpreadOut() throws {
        let writer = try VideoFileWriter(path: folder.file("clip.mkv"))
        for number in [5, 5, 3, 6] { try writer.show(#require(movingPicture(number))) }
        try writer.finish()
        let reader = try VideoReader(VideoInput(folder.file("clip.mkv")))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count == 4)
    }

    /// As after a kill: what is on the disk while the writer still runs.
    @Test(arguments: ["mkv", "avi", "y4m", "ts"])
    func aFileWithoutItsEndStillPlays(ending: String) throws {
        let writer = try VideoFileWriter(path: folder.file("clip.\(ending)"))
        for number in 0..<100 { try writer.show(#require(movingPicture(number))) }
        let copy = folder.file("copy.\(ending)")
        try FileManager.default.copyItem(atPath: folder.file("clip.\(ending)"), toPath: copy)
        let reader = try VideoReader(VideoInput(copy))
        var count = 0
        while try reader.next() != nil { count += 1 }
        #expect(count >= 70)
        try writer.finish()
    }

    @Test func aFileIsWholeOnceItsWriterIsGone() throws {
        let picture = try #require(movingPicture(0))
        do {
            let writer = try VideoFileWriter(path: folder.file("clip.mp4"))
            try writer.show(picture)
        }
        #expect(try VideoReader(VideoInput(folder.file("clip.mp4"))).next() != nil)
    }

    @Test(arguments: ["clip", "clip.txt", "clip.gif", "clip.png", "clip.mp3", "", "clip.nonsense"])
    func namesOfNoVideoAreRefused(name: String) {
        let path = folder.file(name)
        #expect(throws: PresentationError.unknownContainer(path: path)) {
            _ = try VideoFileWriter(path: path)
        }
        #expect(name.isEmpty || !FileManager.default.fileExists(atPath: path))
    }

    @Test func missingFoldersAreRefused() {
        let path = folder.file("no/clip.mkv")
        let error = #expect(throws: PresentationError.self) { _ = try VideoFileWriter(path: path) }
        guard case .unwritable(path, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"),
        arguments: ["mkv", "mp4", "webm", "y4m"])
    func aFullDiskIsToldOf(ending: String) throws {
        let path = folder.file("full.\(ending)")
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: "/dev/full")
        let error = #expect(throws: PresentationError.self) {
            let writer = try VideoFileWriter(path: path)
            for number in 0..<50 { try writer.show(#require(movingPicture(number))) }
            try writer.finish()
        }
        #expect(error?.description.contains(path) == true)
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        let small = try #require(PictureSize(width: 16, height: 16))
        let writer = try VideoFileWriter(path: folder.file("clip.mkv"))
        #expect(throws: PresentationError.wrongSize(expected: .standard, found: small)) {
            try writer.show(#require(movingPicture(0, size: small)))
        }
    }
}
