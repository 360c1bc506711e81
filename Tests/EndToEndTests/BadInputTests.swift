import Foundation
import Media
import PNG
import TestSupport
import Testing

extension EndToEndTests {
    /// Whatever is wrong with the arguments, one sentence says so.
    @Suite(.serialized) struct BadInputTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func expectFailure(
            _ name: String, _ arguments: [String], _ words: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws {
            let more = name == "pantograph-measure" ? [] : try Programs.protection(arguments)
            let outcome = try await Program(name, more + arguments).outcome()
            #expect(
                outcome.isClearFailure, "\(arguments): \(outcome.status) \(outcome.messages)",
                sourceLocation: sourceLocation)
            for word in words {
                #expect(
                    outcome.messages.contains { $0.hasPrefix("Error: ") && $0.contains(word) },
                    "\(outcome.messages)", sourceLocation: sourceLocation)
            }
        }

        @Test func inputsThatAreNoVideo() async throws {
            let text = try folder.write(Array("Nothing to see.\n".utf8), to: "notes.txt")
            let empty = try folder.write([], to: "empty.mkv")
            for (input, reason) in [
                (folder.file("none.mkv"), "No such file or directory"),
                (text, "not a video"), (empty, "not a video"), (folder.path, "Is a directory"),
                ("/dev/video99", "No such file or directory"),
            ] {
                try await expectFailure(
                    "pantograph-send", ["--input", input, "--to", "127.0.0.1:9"], input, reason)
            }
        }

        @Test func configurationsOfNoUse() async throws {
            try FileManager.default.createDirectory(
                atPath: folder.file("clips"), withIntermediateDirectories: true)
            _ = try folder.write([], to: "clips/a.mkv")
            for (text, words) in [
                (#"{"leastGian": 0.1, "firstGain": 0.1}"#, ["leastGian", "firstGain"]),
                (#"{"capacity": 0}"#, ["capacity", "1"]),
                (#"{"alarmDistance": "far"}"#, ["no configuration"]),
            ] {
                let file = try folder.write(Array(text.utf8), to: "policy.json")
                let outcome = try await Program(
                    "pantograph-measure",
                    [
                        "sources", "--clips", folder.file("clips"), "--lpips", "none",
                        "--configuration", file,
                    ]
                ).outcome()
                #expect(outcome.isClearFailure, "\(outcome.messages)")
                for word in words {
                    #expect(outcome.messages.contains { $0.contains(word) }, "\(outcome.messages)")
                }
            }
        }

        @Test func inputsThatAreNoSound() async throws {
            let text = try folder.write(Array("Nothing to hear.\n".utf8), to: "notes.wav")
            for (sound, reason) in [
                (folder.file("none.wav"), "No such file or directory"),
                (text, "nothing that FFmpeg's libraries know"), (folder.path, "Is a directory"),
            ] {
                try await expectFailure(
                    "pantograph-send",
                    ["--input", "head", "--sound", sound, "--to", "127.0.0.1:9"], sound, reason)
            }
        }

        @Test func aCropOutsideOfThePicture() async throws {
            let path = folder.file("small.png")
            try PNGFile.write(
                RGBImage(
                    size: #require(PictureSize(width: 64, height: 48)), red: 9, green: 9, blue: 9),
                to: path)
            try await expectFailure(
                "pantograph-measure",
                ["loopback", "--input", path, "--crop", "32,0,48", "--threads", "1"], "64x48")
        }

        @Test(arguments: [(1, 1), (3, 5), (2, 999)])
        func picturesOfOddSizesAreScaled(width: Int, height: Int) async throws {
            let path = folder.file("odd.png")
            let pixels = [UInt8](repeating: 90, count: width * height * 3)
            try PNGFile.write(
                #require(RGBImage(width: width, height: height, pixels: pixels)), to: path)
            let output = folder.file("out/")
            let outcome = try await Program(
                "pantograph-measure",
                ["loopback", "--input", path, "--output", output, "--threads", "1", "--quiet"]
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(try PNGFile.read(output + "000000.png").width == 256)
        }

        @Test(arguments: [
            ["--input", "head", "--to", "127.0.0.1"],
            ["--input", "head", "--to", "127.0.0.1:70000"],
            ["--input", "head", "--to", "127.0.0.1:9", "--crop", "1,2,3"],
            ["--input", "a.mkv", "--to", "127.0.0.1:9", "--crop", "1,2"],
            ["--input", "a.mkv", "--to", "127.0.0.1:9", "--crop", "0,0,-5"],
            ["--input", "head", "--to", "127.0.0.1:9", "--duration", "0"],
            ["--input", "head", "--to", "127.0.0.1:9", "--duration", "nan"],
            ["--input", "head", "--to", "127.0.0.1:9", "--threads", "0"],
            ["--input", "head", "--to", "127.0.0.1:9", "--step", "16"],
            ["--input", "head", "--to", "127.0.0.1:9", "--voice-rate", "4.9"],
            ["--input", "head", "--to", "127.0.0.1:9", "--voice-loss", "51"],
            ["--input", "head", "--to", "127.0.0.1:9", "--sound-format", "alsa"],
            ["--input", "head"],
        ])
        func argumentsThatMeanNothing(arguments: [String]) async throws {
            try await expectFailure("pantograph-send", arguments)
        }

        @Test func addressesThatCannotBeUsed() async throws {
            let output = folder.file("out.mkv")
            try await expectFailure(
                "pantograph-send", ["--input", "head", "--to", "no-such-host.invalid:4000"],
                "no-such-host.invalid")
            try await expectFailure(
                "pantograph-send", ["--input", "head", "--to", "127.0.0.1:0"], "port 0")
            try await expectFailure(
                "pantograph-receive", ["--listen", "192.0.2.1:4000", "--output", output],
                "192.0.2.1:4000", "Cannot assign requested address")
        }

        @Test func outputsThatCannotBeWritten() async throws {
            let listen = ["--listen", "127.0.0.1:0", "--output"]
            try await expectFailure(
                "pantograph-receive", listen + [folder.file("out.xyz")], ".mkv")
            try await expectFailure(
                "pantograph-receive", listen + [folder.file("none/out.mkv")],
                "No such file or directory")
            try await expectFailure(
                "pantograph-receive", listen + [folder.file("none/out/")],
                "No such file or directory")
            try await expectFailure(
                "pantograph-receive",
                listen + [folder.file("out.mkv"), "--stats", folder.file("none/s.jsonl")],
                "No such file or directory")
            for option in ["--report", "--sheet", "--output"] {
                try await expectFailure(
                    "pantograph-measure",
                    [
                        "loopback", "--input", "head", "--duration", "0.2", "--threads", "1",
                        option, folder.file("none/file.png"),
                    ], folder.file("none"))
            }
        }

        @Test func aFullDiskEndsARecordingWithAReason() async throws {
            let output = folder.file("full.mkv")
            try FileManager.default.createSymbolicLink(
                atPath: output, withDestinationPath: "/dev/full")
            let receiver = try Program(
                "pantograph-receive",
                try Programs.protection() + ["--listen", "127.0.0.1:0", "--output", output])
            // What fits the muxer's buffer is only refused when a call fills it.
            if let address = try? await receiver.line(after: "listening at ") {
                let sender = try Programs.sender(to: address, seconds: 30)
                let outcome = try await sender.outcome()
                #expect(outcome.isClearFailure, "\(outcome.messages)")
            }
            let outcome = try await receiver.outcome()
            #expect(outcome.isClearFailure, "\(outcome.messages)")
            #expect(outcome.messages.contains { $0.contains("No space left on device") })
        }

        @Test func fullStatisticsAreToldAndDoNotEndTheCall() async throws {
            let output = folder.file("out.mkv")
            let (receiver, address) = try await Programs.receiver(
                output: output, ["--stats", "/dev/full"])
            #expect(try await Programs.sender(to: address, seconds: 1).outcome().status == 0)
            let outcome = try await receiver.outcome()
            #expect(outcome.messages.contains { $0.contains("cannot write /dev/full") })
            #expect(try Programs.pictureCount(of: output) == 25)
        }

        @Test func damagedNetworks() async throws {
            for (index, file) in Model.files.enumerated() {
                let model = try Model.copy(to: folder.file("cut\(index)"))
                let path = "\(model)/\(file)"
                let arguments = ["--input", "head", "--to", "127.0.0.1:9", "--model", model]
                var bytes = try Data(contentsOf: URL(filePath: path))
                let middle = bytes.count / 2
                bytes[middle] ^= 0x10
                try bytes.write(to: URL(filePath: path))
                // A bit of the description may lie in a part that is not read.
                if file != "model.json" {
                    try await expectFailure("pantograph-send", arguments, path, "SHA-256")
                }
                try Data("{".utf8).write(to: URL(filePath: path))
                try await expectFailure("pantograph-send", arguments, path)
                try FileManager.default.removeItem(atPath: path)
                try await expectFailure("pantograph-send", arguments, path, "missing")
            }
        }
    }
}
