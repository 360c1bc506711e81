import Capture
import Foundation
import Media
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PipeTests {
    @Test func aPipeIsReadToItsEnd() throws {
        let pipe = OpenPipe()
        pipe.feed(Y4MClip(luma: (0..<60).map { UInt8($0 + 50) }).bytes, thenClose: true)
        let input = VideoInput(fileDescriptor: pipe.descriptor)
        #expect(input.isLive)
        #expect(try readAll(input).map(\.middle) == (0..<60).map { UInt8($0 + 50) })
    }

    @Test func aRedirectedFileIsNotLive() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Y4MClip(luma: [50, 60]).bytes, to: "clip.y4m")
        let file = try #require(FileHandle(forReadingAtPath: path))
        let input = VideoInput(fileDescriptor: file.fileDescriptor)
        #expect(!input.isLive)
        #expect(try readAll(input).count == 2)
    }

    @Test func openingASilentPipeCanBeInterrupted() throws {
        let pipe = OpenPipe()
        let input = VideoInput(fileDescriptor: pipe.descriptor)
        let interruption = Interruption()
        Thread.detachNewThread { interruption.request() }
        #expect(throws: CaptureError.interrupted(input)) {
            _ = try VideoReader(input, interruption: interruption)
        }
    }

    @Test func waitingForAPictureCanBeInterrupted() throws {
        let pipe = OpenPipe()
        let interruption = Interruption()
        // Enough to know the stream; then the pipe falls silent, but stays open.
        pipe.feed(Y4MClip(luma: [UInt8](repeating: 90, count: 40)).bytes, thenClose: false)
        let reader = try VideoReader(
            VideoInput(fileDescriptor: pipe.descriptor), interruption: interruption)
        #expect(try reader.next() != nil)
        Thread.detachNewThread { interruption.request() }
        // Ends, or the time limit of the suite fails the test.
        while try reader.next() != nil {}
        #expect(interruption.isRequested)
    }

    @Test func aClosedDescriptorIsRefused() {
        #expect(throws: CaptureError.self) { _ = try VideoReader(VideoInput(fileDescriptor: -1)) }
    }
}
