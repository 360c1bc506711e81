import Foundation
import Media
import Pipeline
import TestSupport
import Testing
import UDPTransport

extension EndToEndTests {
    /// Calls over networks that lose, reorder and carry what nobody asked for.
    @Suite(.serialized) struct NetworkTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        @Test(arguments: [1, 2])
        func aRelayThatLosesAndReordersCostsWhatItLost(seed: Int) async throws {
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--stats", folder.file("r.jsonl")])
            let relay = try Program(
                "pantograph-measure",
                [
                    "relay", "--listen", "127.0.0.1:0", "--to", address, "--loss", "0.05",
                    "--reorder", "0.05", "--link-seed", "\(seed)",
                ])
            let front = try await relay.line(after: "relaying from ")
            let sender = try Programs.sender(
                to: String(front.prefix { $0 != " " }), seconds: 4,
                ["--stats", folder.file("s.jsonl")])
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            relay.interrupt()
            let passed = try await relay.outcome()
            #expect(passed.status == 0)

            let sent = try #require(try Programs.statistics(folder.file("s.jsonl")).last)
            let shown = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            let counts = try #require(passed.messages.first { $0.hasPrefix("to the receiver: ") })
            let numbers = counts.split { !$0.isNumber }.compactMap { Int($0) }
            let (offered, lost) = (numbers[0], numbers[1])
            #expect(offered == sent.datagrams)
            #expect(try #require(shown.missingDatagrams) <= lost)
            // Three pictures travel in each datagram.
            #expect(shown.lostPictures <= 3 * lost)
            #expect(try #require(shown.longestLoss) <= shown.lostPictures)
            #expect(shown.pictures >= sent.pictures - 3 * lost)
            let stored = try Programs.pictureCount(of: folder.file("out.mkv"))
            #expect(stored == shown.pictures + shown.lostPictures)
            // The first pictures may be among the lost, and nothing comes after the last one.
            #expect(stored <= sent.pictures && stored >= sent.pictures - 3 * lost)
        }

        /// What strangers and the peer's own address might send in the midst of a call.
        private static func hostileDatagrams() throws -> [[UInt8]] {
            var random = SplitMix64(seed: 11)
            var all: [[UInt8]] = (0..<300).map { _ in
                (0..<Int(random.next() % 1400)).map { _ in UInt8(truncatingIfNeeded: random.next())
                }
            }
            for vector in try Vector.all(in: "datagrams") {
                for count in stride(from: 0, to: vector.bytes.count, by: 7) {
                    all.append(Array(vector.bytes.prefix(count)))
                }
                all.append([0] + vector.bytes.dropFirst())
                all.append([2] + vector.bytes.dropFirst())
                all.append(vector.bytes)
                all.append(vector.bytes)
            }
            // Longer than any datagram of the protocol may be.
            all.append([UInt8](repeating: 1, count: 9000))
            return all
        }

        @Test func hostileDatagramsChangeNothing() async throws {
            let (receiver, address) = try await Programs.receiver(
                output: folder.file("out.mkv"), ["--stats", folder.file("r.jsonl")])
            let endpoint = try present(Endpoint(address))
            let sender = try Programs.sender(
                to: address, seconds: 4, ["--stats", folder.file("s.jsonl")])
            try await Programs.waitForStatistics(folder.file("r.jsonl"))
            let strangers = try await [
                UDPTransport.connect(to: endpoint), UDPTransport.connect(to: endpoint),
            ]
            for (index, bytes) in try Self.hostileDatagrams().enumerated() {
                strangers[index % 2].send(bytes)
                if index.isMultiple(of: 50) { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(try await sender.outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            for stranger in strangers { await stranger.close() }
            let summary = try #require(try Programs.statistics(folder.file("r.jsonl")).last)
            #expect(summary.pictures == 100)
            #expect(summary.lostPictures == 0)
            // The kernel may drop some of a burst; most have to be seen and counted.
            #expect(summary.rejectedDatagrams > 500)
            #expect(try #require(summary.residentMebibytes) < 400)
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == 100)
        }

        @Test func aReceiverThatNobodyCalledOutlivesHostileDatagrams() async throws {
            let (receiver, address) = try await Programs.receiver(output: folder.file("out.mkv"))
            let stranger = try await UDPTransport.connect(to: present(Endpoint(address)))
            // The vectors' hellos are left out: they are calls.
            for bytes in try Self.hostileDatagrams().prefix(300) { stranger.send(bytes) }
            #expect(try await Programs.sender(to: address, seconds: 1).outcome().status == 0)
            #expect(try await receiver.outcome().status == 0)
            #expect(try Programs.pictureCount(of: folder.file("out.mkv")) == 25)
            await stranger.close()
        }
    }
}
