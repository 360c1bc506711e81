import Foundation

/// A pipe whose writing end is fed by a thread of its own, since tests that read from it block theirs.
final class OpenPipe {
    private let pipe = Pipe()

    init() {
        // A test may end before all is written.
        signal(SIGPIPE, SIG_IGN)
    }

    /// The reading end; closed with the pipe.
    var descriptor: Int32 { pipe.fileHandleForReading.fileDescriptor }

    /// Writes bytes, meanwhile, and then leaves the pipe open or closes it.
    func feed(_ bytes: [UInt8], thenClose: Bool) {
        let writer = pipe.fileHandleForWriting
        Thread.detachNewThread {
            try? writer.write(contentsOf: Data(bytes))
            if thenClose { try? writer.close() }
        }
    }
}
