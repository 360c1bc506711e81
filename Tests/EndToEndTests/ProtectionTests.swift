import Foundation
import Pipeline
import TestSupport
import Testing

extension EndToEndTests {
    /// Keys on the command line, and what happens without.
    @Suite(.serialized) struct ProtectionTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func makeKey(_ option: String, _ name: String) async throws -> String {
            let path = folder.file(name)
            let outcome = try await Program("pantograph-send", [option, path]).outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            return path
        }

        @Test func withoutAKeyBothProgramsRefuseAndTeach() async throws {
            for (name, arguments) in [
                ("pantograph-send", ["--input", "head", "--to", "127.0.0.1:9"]),
                (
                    "pantograph-receive",
                    ["--listen", "127.0.0.1:0", "--output", folder.file("out.mkv")]
                ),
            ] {
                let outcome = try await Program(name, arguments).outcome()
                #expect(outcome.isClearFailure, "\(outcome.messages)")
                let message = outcome.messages.joined()
                #expect(message.contains("--make-key") && message.contains("--insecure"))
                let both = try await Program(
                    name, arguments + ["--insecure", "--key-file", folder.file("none.key")]
                ).outcome()
                #expect(both.isClearFailure && both.messages.joined().contains("--insecure"))
            }
        }

        @Test func aMadeKeyProtectsACall() async throws {
            let key = try await makeKey("--make-key", "call.key")
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"),
                ["--key-file", key, "--stats", folder.file("r.jsonl")])
            let sender = try Programs.sender(
                to: address, seconds: 1, ["--key-file", key, "--stats", folder.file("s.jsonl")])
            let outcome = try await sender.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(try await receiver.outcome().status == 0)
            try expectNotTold([key], outcome.messages + receiver.messages)
        }

        /// Neither messages nor statistics of either end hold the digits of a key, in either case, nor half of them.
        private func expectNotTold(_ keys: [String], _ messages: [String]) throws {
            var said = [messages.joined(separator: "\n")]
            for name in ["r.jsonl", "s.jsonl"] {
                let lines = try String(contentsOfFile: folder.file(name), encoding: .utf8)
                #expect(lines.contains("\"summary\""))
                said.append(lines)
            }
            for key in keys {
                let digits = try String(contentsOfFile: key, encoding: .utf8)
                    .split(separator: "\n")[1]
                try #require(digits.count == 64)
                for half in [digits.prefix(32), digits.suffix(32)] {
                    for text in said { #expect(!text.lowercased().contains(half.lowercased())) }
                }
            }
        }

        @Test func staticKeysProtectACall() async throws {
            let anna = try await makeKey("--make-static-key", "anna.key")
            let ben = try await makeKey("--make-static-key", "ben.key")
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"),
                [
                    "--static-key", ben, "--peer-key", anna + ".pub",
                    "--stats", folder.file("r.jsonl"),
                ])
            let sender = try Programs.sender(
                to: address, seconds: 1,
                [
                    "--static-key", anna, "--peer-key", ben + ".pub",
                    "--stats", folder.file("s.jsonl"),
                ])
            let outcome = try await sender.outcome()
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(try await receiver.outcome().status == 0)
            try expectNotTold([anna, ben], outcome.messages + receiver.messages)
        }

        @Test func aWrongKeyIsToldAtBothEnds() async throws {
            let key = try await makeKey("--make-key", "a.key")
            let other = try await makeKey("--make-key", "b.key")
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--key-file", key])
            let sender = try Programs.sender(
                to: address, ["--key-file", other, "--timeout", "1"])
            let outcome = try await sender.outcome()
            #expect(outcome.isClearFailure)
            #expect(outcome.messages.joined().contains("with the same key"))
            _ = try await receiver.line(after: "somebody calls with another key")
            receiver.interrupt()
            #expect(try await receiver.outcome().status == 0)
        }

        @Test func keyFilesThatCannotBeUsed() async throws {
            let key = try await makeKey("--make-key", "a.key")
            let again = try await Program("pantograph-send", ["--make-key", key]).outcome()
            #expect(again.isClearFailure && again.messages.joined().contains("exists"))
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key)
            let arguments = ["--input", "head", "--to", "127.0.0.1:9", "--key-file"]
            let open = try await Program("pantograph-send", arguments + [key]).outcome()
            #expect(open.isClearFailure && open.messages.joined().contains("chmod 600"))
            let none = try await Program(
                "pantograph-send", arguments + [folder.file("none")]
            ).outcome()
            #expect(none.isClearFailure && none.messages.joined().contains("No such file"))
        }
    }
}
