import Capture
import Foundation
import Media
import PNG
import Pipeline
import TestSupport
import Testing

extension EndToEndTests {
    @Suite(.serialized) struct CallTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        @Test func everyPictureArrivesInAFileAndBothEndsAgree() async throws {
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--stats", folder.file("r.jsonl")])
            let sender = try Programs.sender(
                to: address, seconds: 4,
                [
                    "--stats", folder.file("s.jsonl"), "--source-policy", "first", "--fallback",
                    "off",
                ])
            let sent = try await sender.outcome()
            let received = try await receiver.outcome()
            #expect(sent.status == 0, "\(sent.messages)")
            #expect(received.status == 0, "\(received.messages)")
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == 100)

            let senderLines = try Programs.statistics(folder.file("s.jsonl"))
            let receiverLines = try Programs.statistics(folder.file("r.jsonl"))
            for lines in [senderLines, receiverLines] {
                #expect(lines.dropLast().allSatisfy { $0.kind == .second })
                #expect(lines.last?.kind == .summary)
                #expect(lines.count >= 4)
                let summary = try #require(lines.last)
                #expect(lines.dropLast().map(\.pictures).reduce(0, +) <= summary.pictures)
                #expect(try #require(summary.residentMebibytes) < 400)
            }
            let there = try #require(senderLines.last)
            let here = try #require(receiverLines.last)
            #expect(there.pictures == 100)
            #expect(here.pictures == 100)
            #expect(here.lostPictures == 0)
            #expect(here.rejectedDatagrams == 0)
            #expect(here.missingDatagrams == 0)
            // A goodbye that is repeated after the receiver has gone is all that may differ.
            #expect((0...5).contains(there.datagrams - here.datagrams))
            #expect(there.wireBytes >= here.wireBytes)
            #expect(here.wireBytes > 28 * here.datagrams)
            #expect(here.returnWireBytes >= there.returnWireBytes)
            #expect(there.end == "this end said goodbye: finished")
            #expect(here.end == "the sender said goodbye: finished")
            let rate = try #require(there.wireKilobitsPerSecondAfterFirstSecond)
            #expect(rate > 1 && rate <= 12)
            #expect(there.stages.keys.sorted() == ["detect and code", "read"])
            #expect(here.stages.keys.sorted() == ["encode source", "show", "warp"])
        }

        /// The sender looks at what is shown, and the pictures go on beside it.
        @Test func theSenderLooksAtItsCall() async throws {
            let (receiver, address) = try await Programs.receiver(output: folder.file("out.mkv"))
            let sender = try Programs.sender(
                to: address, seconds: 4, ["--stats", folder.file("s.jsonl")])
            let sent = try await sender.outcome()
            #expect(sent.status == 0, "\(sent.messages)")
            #expect(try await receiver.outcome().status == 0)
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == 100)
            let looks = try Programs.looks(folder.file("s.jsonl"))
            #expect(!looks.isEmpty)
            #expect(looks.allSatisfy { $0.distance.map { $0 >= 0 && $0 < 1 } ?? false })
            let summary = try #require(try Programs.statistics(folder.file("s.jsonl")).last)
            #expect(summary.pictures == 100)
            #expect(summary.stages.keys.contains("look"))
        }

        @Test(arguments: ["best", "interval:", "interval:0", "interval:-2", ""])
        func aPolicyThatMeansNothingIsSaid(policy: String) async throws {
            let sender = try Programs.sender(
                to: "127.0.0.1:9", ["--source-policy", policy])
            let outcome = try await sender.outcome()
            #expect(outcome.status != 0)
            #expect(outcome.messages.contains { $0.contains("source-policy") })
        }

        @Test func picturesGoToAFolder() async throws {
            let output = folder.file("pictures/")
            let (receiver, address) = try await Programs.receiver(output: output)
            let sender = try Programs.sender(to: address)
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            let names = try FileManager.default.contentsOfDirectory(atPath: output).sorted()
            #expect(names.count == 50)
            #expect(names.first == "000000.png")
            let image = try PNGFile.read(output + "000049.png")
            #expect(image.width == 256 && image.height == 256)
        }

        @Test func aFolderOfPicturesIsTheSourceSet() async throws {
            let sources = folder.file("sources/")
            let rendering = try Program(
                "pantograph-measure",
                ["render-head", "--seconds", "0.12", "--output", sources])
            #expect(try await rendering.outcome().status == 0)
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--stats", folder.file("r.jsonl")])
            let sender = try Programs.sender(
                to: address, seconds: 10,
                [
                    "--source-directory", sources, "--source-policy", "first", "--fallback",
                    "off", "--rate", "200",
                ])
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            let summary = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            // A small one goes ahead of the three, since calls begin slowly.
            #expect(summary.sources == 4)
            #expect(summary.pictures == 250)
        }

        @Test func picturesGoToStandardOutput() async throws {
            let (receiver, address) = try await Programs.receiver(output: "-")
            let sender = try Programs.sender(to: address)
            #expect(try await sender.outcome().status == 0)
            let outcome = try await receiver.outcome()
            #expect(outcome.status == 0)
            let headerEnd = try #require(outcome.output.firstIndex(of: 10))
            let header = String(decoding: outcome.output[..<headerEnd], as: UTF8.self)
            #expect(header.hasPrefix("YUV4MPEG2 W256 H256 F25:1 "))
            let body = outcome.output[(headerEnd + 1)...]
            let length = "FRAME\n".utf8.count + 256 * 256 * 3 / 2
            #expect(body.count.isMultiple(of: length))
            // One that watches may leave out pictures that come in a bunch, and repeats others, the last
            // one until the goodbye is there.
            #expect((45...53).contains(body.count / length))
            for start in stride(from: body.startIndex, to: body.endIndex, by: length) {
                #expect(body[start..<start + 6].elementsEqual("FRAME\n".utf8))
            }
        }

        @Test func aVideoFileAndAPipeAreSent() async throws {
            let clip = folder.file("clip.mkv")
            let render = try Program(
                "pantograph-measure", ["render-head", "--seconds", "1.2", "--output", clip])
            #expect(try await render.outcome().status == 0)
            for input in [clip, "-"] {
                let output = folder.file("\(input == "-" ? "pipe" : "file").mkv")
                let (receiver, address) = try await Programs.receiver(output: output)
                let sender = try Program(
                    "pantograph-send",
                    try Programs.protection() + [
                        "--input", input, "--to", address, "--threads", "1", "--crop", "32,0,200",
                    ],
                    input: FileHandle(forReadingAtPath: clip))
                let outcome = try await sender.outcome()
                #expect(outcome.status == 0, "\(outcome.messages)")
                #expect(try await receiver.outcome().status == 0)
                #expect(try Programs.pictureCount(of: output) == 30)
            }
        }

        @Test func soundTravelsWithItsPictures() async throws {
            let clip = folder.file("clip.mkv")
            let render = try Program(
                "pantograph-measure", ["render-head", "--seconds", "3", "--output", clip])
            #expect(try await render.outcome().status == 0)
            // A second of silence, then a tone.
            let sound = try folder.write(
                wav(seconds: 3) { $0 < 16_000 ? 0 : 9000 * sin(Double($0) * 0.2) }, to: "a.wav")
            let output = folder.file("out.mkv")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--stats", folder.file("r.jsonl")])
            let sender = try Program(
                "pantograph-send",
                try Programs.protection() + [
                    "--input", clip, "--sound", sound, "--voice-rate", "12", "--to", address,
                    "--threads", "1", "--stats", folder.file("s.jsonl"),
                ])
            let outcome = try await sender.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(try await receiver.outcome().status == 0)
            let reader = try VideoReader(VideoInput(output), wantsSound: true)
            var samples: [Float] = []
            while let frame = try reader.next() {
                let end = frame.time.advanced(by: .milliseconds(40))
                samples += try reader.sound(until: end)?.samples ?? []
            }
            #expect(abs(samples.count - 144_000) < 6000)
            let onset = try #require(samples.firstIndex { abs($0) > 0.1 })
            #expect(abs(onset - 48_000) < 960, "20 ms")
            for name in ["s.jsonl", "r.jsonl"] {
                let summary = try #require(try Programs.statistics(folder.file(name)).last)
                // A tone of two seconds at the least rate of a voice, however long the call took.
                let bytes = try #require(summary.voiceBytes)
                #expect(bytes > 900 && bytes < 4500, "\(bytes) bytes in \(name)")
            }
        }

        /// A WAV file of one channel at 16,000 samples a second.
        private func wav(seconds: Int, _ sample: (Int) -> Double) -> [UInt8] {
            let count = seconds * 16_000
            func bytes(_ value: Int, _ count: Int) -> [UInt8] {
                (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            }
            let format = bytes(16, 4) + bytes(1, 2) + bytes(1, 2) + bytes(16_000, 4)
            return Array("RIFF".utf8) + bytes(36 + 2 * count, 4) + Array("WAVEfmt ".utf8) + format
                + bytes(32_000, 4) + bytes(2, 2) + bytes(16, 2) + Array("data".utf8)
                + bytes(2 * count, 4) + (0..<count).flatMap { bytes(Int(sample($0)), 2) }
        }

        @Test func theReceiverCanEndAfterADuration() async throws {
            let output = folder.file("out.mkv")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--duration", "1"])
            let sender = try Programs.sender(to: address, seconds: 60)
            #expect(try await receiver.outcome().status == 0)
            #expect(try await sender.outcome().status == 0)
            #expect(try Programs.pictureCount(of: output) == 25)
        }

        @Test func theReceiverMayStartLate() async throws {
            let address = "127.0.0.1:\(try await Programs.freePort())"
            let sender = try Programs.sender(to: address)
            try await Task.sleep(for: .seconds(1))
            let output = folder.file("out.mkv")
            let (receiver, _) = try await Programs.receiver(output: output, listen: address)
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            #expect(try Programs.pictureCount(of: output) == 50)
        }

        @Test func aNewReceiverTakesOverWhereTheFirstOneDied() async throws {
            let address = "127.0.0.1:\(try await Programs.freePort())"
            let statistics = folder.file("1.jsonl")
            var first: Program? = try await Programs.receiver(
                output: folder.file("1.mkv"), listen: address, ["--stats", statistics]
            ).0
            let sender = try Programs.sender(to: address, seconds: 8)
            try await Programs.waitForStatistics(statistics)
            #expect(first != nil)
            first = nil
            let output = folder.file("2.mkv")
            let (second, _) = try await Programs.receiver(output: output, listen: address)
            #expect(try await sender.outcome().status == 0)
            #expect(try await second.outcome().status == 0)
            // The sender introduces itself again after two seconds without feedback.
            #expect((50...190).contains(try Programs.pictureCount(of: output)))
        }
    }
}
