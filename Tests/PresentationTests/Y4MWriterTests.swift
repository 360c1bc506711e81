import Foundation
import Media
import Presentation
import TestSupport
import Testing

@Suite struct Y4MWriterTests {
    @Test func theStreamIsAsTheFormatSays() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([], to: "clip.y4m")
        let file = try #require(FileHandle(forWritingAtPath: path))
        let size = try #require(PictureSize(width: 4, height: 2))
        let writer = Y4MWriter(fileDescriptor: file.fileDescriptor, size: size)
        let first = try #require(
            VideoFrame(size: size, time: .zero, y: Array(1...8), u: [9, 10], v: [11, 12]))
        var third = first
        third.time = PictureRate.standard.time(ofPicture: 2)
        try writer.show(first)
        try writer.show(third)
        writer.finish()
        try file.close()

        let header = "YUV4MPEG2 W4 H2 F25:1 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED\n"
        let picture = Array("FRAME\n".utf8) + (1...12)
        // The second one is missing, and the first stands in for it.
        let expected = Array(header.utf8) + picture + picture + picture
        #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == expected)
    }

    @Test func aReaderThatLeavesClosesTheSink() throws {
        let pipe = Pipe()
        let writer = Y4MWriter(fileDescriptor: pipe.fileHandleForWriting.fileDescriptor)
        #expect(!writer.isClosed)
        try pipe.fileHandleForReading.close()
        try writer.show(#require(movingPicture(0)))
        #expect(writer.isClosed)
        try writer.show(#require(movingPicture(1)))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full"))
    func aFullDiskIsToldOf() throws {
        let file = try #require(FileHandle(forWritingAtPath: "/dev/full"))
        let writer = Y4MWriter(fileDescriptor: file.fileDescriptor)
        #expect(throws: PresentationError.self) { try writer.show(#require(movingPicture(0))) }
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        let small = try #require(PictureSize(width: 16, height: 16))
        let writer = Y4MWriter(fileDescriptor: -1)
        #expect(throws: PresentationError.wrongSize(expected: .standard, found: small)) {
            try writer.show(#require(movingPicture(0, size: small)))
        }
    }
}
