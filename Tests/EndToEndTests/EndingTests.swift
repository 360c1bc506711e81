import Foundation
import Media
import Pipeline
import TestSupport
import Testing

extension EndToEndTests {
    @Suite(.serialized) struct EndingTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        @Test func interruptingTheReceiverLeavesAPlayableFile() async throws {
            let output = folder.file("out.mp4")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--stats", folder.file("r.jsonl")])
            let sender = try Programs.sender(
                to: address, seconds: 60, ["--stats", folder.file("s.jsonl")])
            try await Programs.waitForStatistics(folder.file("r.jsonl"))
            receiver.interrupt()
            #expect(try await receiver.outcome().status == 0)
            #expect(try await sender.outcome().status == 0)
            let shown = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            #expect(shown.end == "this end said goodbye: finished")
            let end = try Programs.statistics(folder.file("s.jsonl")).last?.end
            #expect(end == "the receiver said goodbye: finished")
            // MP4 plays only where its index was written at the end.
            #expect(shown.pictures >= 20)
            #expect(try Programs.pictureCount(of: output) == shown.pictures + shown.lostPictures)
        }

        @Test func interruptingTheSenderEndsTheReceiverByGoodbye() async throws {
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--stats", folder.file("r.jsonl")])
            let sender = try Programs.sender(
                to: address, seconds: 60, ["--stats", folder.file("s.jsonl")])
            try await Programs.waitForStatistics(folder.file("s.jsonl"))
            sender.interrupt()
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            let there = try #require(try Programs.statistics(folder.file("s.jsonl")).last)
            let here = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            #expect(here.end == "the sender said goodbye: finished")
            #expect(here.pictures == there.pictures)
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == here.pictures)
        }

        @Test func interruptingAReceiverThatNobodyCalledIsAQuietEnd() async throws {
            let (receiver, _) = try await Programs.receiver(output: folder.file("out.mkv"))
            receiver.interrupt()
            let outcome = try await receiver.outcome()
            #expect(outcome.status == 0)
            #expect(!outcome.messages.contains { $0.hasPrefix("Error") })
        }

        @Test func interruptingASenderThatNobodyAnswersIsAQuietEnd() async throws {
            let port = try await Programs.freePort()
            let sender = try Programs.sender(to: "127.0.0.1:\(port)", ["--timeout", "60"])
            try await Task.sleep(for: .seconds(2))
            sender.interrupt()
            let outcome = try await sender.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
        }

        @Test func interruptingASenderThatWaitsForAQuietPipe() async throws {
            let pipe = Pipe()
            let sender = try Program(
                "pantograph-send",
                ["--insecure", "--input", "-", "--to", "127.0.0.1:9", "--threads", "1"],
                input: pipe.fileHandleForReading)
            try await Task.sleep(for: .seconds(1))
            sender.interrupt()
            let outcome = try await sender.outcome()
            #expect(outcome.isClearFailure, "\(outcome.messages)")
            #expect(outcome.messages.first?.contains("standard input") == true)
            try pipe.fileHandleForWriting.close()
        }

        /// A sender that is killed says no goodbye.
        @Test func aSilentSenderIsGivenUp() async throws {
            let output = folder.file("out.mkv")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--timeout", "1", "--stats", folder.file("r.jsonl")])
            var sender: Program? = try Programs.sender(to: address, seconds: 60)
            try await Programs.waitForStatistics(folder.file("r.jsonl"))
            #expect(sender != nil)
            sender = nil
            let outcome = try await receiver.outcome()
            #expect(outcome.isClearFailure)
            #expect(outcome.messages.contains("Error: the other end has been silent for 3 s"))
            let summary = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            #expect(summary.end == "silence")
            #expect(try Programs.pictureCount(of: output) == summary.pictures)
        }

        @Test func nobodyThere() async throws {
            let port = try await Programs.freePort()
            let sender = try Programs.sender(to: "127.0.0.1:\(port)", ["--timeout", "1"])
            let outcome = try await sender.outcome()
            #expect(outcome.isClearFailure)
            #expect(
                outcome.messages == [
                    "Error: nobody listens at 127.0.0.1:\(port): start pantograph-receive there first, or check the port"
                ])
        }

        @Test func aSecondReceiverIsToldThatThePortIsTaken() async throws {
            let (first, address) = try await Programs.receiver(output: folder.file("1.mkv"))
            let second = try Program(
                "pantograph-receive",
                ["--insecure", "--listen", address, "--output", folder.file("2.mkv")])
            let outcome = try await second.outcome()
            #expect(outcome.isClearFailure)
            #expect(outcome.messages.first?.hasPrefix("Error: \(address) is in use: ") == true)
            first.interrupt()
            #expect(try await first.outcome().status == 0)
        }

        @Test func aSecondSenderIsToldThatTheReceiverIsBusy() async throws {
            let output = folder.file("out.mkv")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--stats", folder.file("r.jsonl")])
            let first = try Programs.sender(to: address, seconds: 4)
            try await Programs.waitForStatistics(folder.file("r.jsonl"))
            let outcome = try await Programs.sender(to: address).outcome()
            #expect(outcome.isClearFailure)
            #expect(
                outcome.messages.first?.hasPrefix("Error: \(address) is in another call") == true)
            #expect(try await first.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            #expect(try Programs.pictureCount(of: output) == 100)
        }

        /// Weights are known by the hash that a model's description adds up to.
        @Test func aDifferentModelFolderWithEqualFilesIsTheSameNetwork() async throws {
            let model = try Model.copy(to: folder.file("model"))
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--model", model])
            #expect(try await Programs.sender(to: address, seconds: 1).outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
        }
    }
}
