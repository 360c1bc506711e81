import Foundation
import Media
import RateQuality
import TestSupport
import Testing

@Suite("Programs that are run")
struct ChildProcessTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func whatItCostsIsCounted() throws {
        let outcome = try ChildProcess(
            "sh", ["-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo here > made"],
            folder: folder.path
        ).run()
        #expect(outcome.processor > .zero)
        #expect(FileManager.default.fileExists(atPath: folder.file("made")))
        // What it said is removed.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["made"])
    }

    @Test func memoryIsItsOwn() throws {
        // This process holds 64 MiB more than it, and must not be counted.
        let held = [UInt8](repeating: 1, count: 64 << 20)
        let outcome = try ChildProcess("sleep", ["0.1"], folder: folder.path).run()
        #expect((1..<32 << 20).contains(outcome.peakMemory.bytes))
        #expect(held.count == 64 << 20)
    }

    @Test func failuresSayWhatTheProgramSaid() throws {
        #expect(throws: ChildProcess.Failure.failed("sh", status: 3, message: "no; luck")) {
            try ChildProcess(
                "sh", ["-c", "echo no >&2; echo luck >&2; exit 3"], folder: folder.path
            ).run()
        }
        #expect(throws: ChildProcess.Failure.failed("sh", status: 137, message: "")) {
            try ChildProcess("sh", ["-c", "kill -9 $$"], folder: folder.path).run()
        }
        #expect {
            try ChildProcess("/nowhere/at-all", [], folder: folder.path).run()
        } throws: { error in
            guard case ChildProcess.Failure.cannotStart("/nowhere/at-all", _) = error else {
                return false
            }
            return true
        }
    }

    @Test func aProgramThatHangsIsEnded() throws {
        var child = ChildProcess("sleep", ["1000"], folder: folder.path)
        child.limit = .milliseconds(50)
        #expect(throws: ChildProcess.Failure.tooSlow("sleep", limit: .milliseconds(50))) {
            try child.run()
        }
    }
}
