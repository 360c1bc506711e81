import Foundation
import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// What holds in any call over any link, and in one that goes on for half an hour.
@Suite struct CallPropertyTests {
    private typealias Call = AdaptiveCallTests.Call

    private static func link(_ random: inout SplitMix64) -> LinkConditions {
        var link = LinkConditions()
        if random.unit() < 0.6 {
            link.rate = Bitrate(kilobitsPerSecond: 8 + 90 * random.unit() * random.unit())
        }
        link.delay = .milliseconds(Int(random.unit() * 300))
        link.jitter = .milliseconds(Int(random.unit() * 80))
        link.loss = .init(random: random.unit() * random.unit() * 0.2)
        link.loss.burstStart = random.unit() * 0.02
        link.loss.burstEnd = 0.3
        link.reordering = random.unit() * 0.1
        link.duplication = random.unit() * 0.1
        link.queue = DataSize(bytes: 500 + Int(random.unit() * 16_000))
        return link
    }

    /// The promise is kept, nothing acknowledged is lost, playout only moves forward, and what is counted
    /// adds up.
    private static func check(_ pair: Pair, _ budget: Int, _ label: String) {
        #expect(Traffic.largestWindow(pair.wireThere) <= budget, "\(label)")
        #expect(Traffic.largestWindow(pair.wireBack) <= budget, "\(label)")
        var held: Set<UInt32> = []
        var sources: Set<SourceIdentifier> = []
        var played: (number: Int, at: Instant)?
        var heard = VoiceTick.zero
        var count = 0
        for (instant, event) in pair.received {
            switch event {
            case .keypoints(let unit):
                for offset in 0..<UInt32(unit.pictureCount) {
                    held.insert(unit.firstPicture.rawValue + offset)
                }
            case .source(let source): sources.insert(source.identifier)
            case .play(let number, let isThere):
                let place = Int(number.rawValue)
                if let played {
                    #expect(place > played.number && instant >= played.at, "\(label)")
                }
                if isThere { #expect(held.contains(number.rawValue), "\(label)") }
                played = (place, instant)
                count += 1
            case .voice(let play):
                #expect(play.start >= heard, "\(label)")
                heard = play.start.advanced(by: play.tickCount) ?? heard
            default: break
            }
        }
        for event in pair.sent {
            switch event {
            case .picturesAcknowledged(let first, let count):
                for offset in 0..<UInt32(count) {
                    #expect(held.contains(first.rawValue + offset), "\(label)")
                }
            case .sourceAcknowledged(let source): #expect(sources.contains(source), "\(label)")
            case .targetBitrate(let rate):
                #expect(rate >= CallPlan.leastTarget, "\(label)")
            default: break
            }
        }
        let counts = pair.receiver.statistics
        #expect(
            counts.pictures + counts.lostPictures + counts.earlyPictures == count, "\(label)")
        #expect(counts.longestLoss <= counts.lostPictures, "\(label)")
        let sent = pair.sender.statistics
        #expect(sent.sentDatagrams == pair.wireThere.count, "\(label)")
        #expect(sent.receivedDatagrams <= pair.back.counts.delivered, "\(label)")
        #expect(counts.receivedDatagrams <= pair.there.counts.delivered, "\(label)")
        #expect(
            counts.receivedDatagrams - counts.duplicateDatagrams + counts.missingDatagrams
                <= sent.sentDatagrams, "\(label)")
    }

    /// The most that either end may hold of anything: queues of what is under way, and the bytes of a datagram.
    private static let (largestCount, largestSize) = (64, WireConstants.largestDatagram)
    /// What may be more.
    private static let largestCounts = [
        // Not acknowledged yet.
        "packets.packets": 1024,
        // What went out in two seconds, and as much again until the list is made shorter.
        "promise.sends": 2048,
        "sources.transfers.source.payload": WireConstants.largestSource,
        "sources.assemblies.bytes": WireConstants.largestSource,
        // Some seconds of units, and of what is known of them.
        "player.clock.samples": 256, "control.loss.reports": 256,
        "control.delivery.arrivals": 256, "control.attempts.arrivals": 256,
    ]

    /// Neither end holds more of anything than it may: packets, units, sound, sources and whatever else there is.
    private static func checkHeld(_ pair: Pair, _ largest: inout [String: Int], _ label: String) {
        for end in [pair.sender as Any, pair.receiver as Any] {
            let counts = HeldState.counts(of: end)
            largest.merge(counts) { max($0, $1) }
            let beyond = counts.filter { name, count in
                let isBytes = name.hasSuffix("bytes") || name.hasSuffix("payload")
                return count > largestCounts[name] ?? (isBytes ? largestSize : largestCount)
            }
            #expect(beyond.isEmpty, "\(label)")
        }
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func anyLinkKeepsTheInvariants(part: UInt64) async throws {
        var largest: [String: Int] = [:]
        for seed in part * 100..<(part + 1) * 100 {
            var random = SplitMix64(seed: seed)
            let promised = 8 + random.unit() * 60
            var call = try Call(
                promised, Self.link(&random), seed: seed, source: Int(random.unit() * 6000))
            for second in 0..<4 {
                // The way changes in the middle.
                if second == 2 { call.pair.there.conditions = Self.link(&random) }
                try call.run(for: .seconds(1))
                Self.checkHeld(call.pair, &largest, "seed \(seed), second \(second)")
            }
            let budget = Bitrate(kilobitsPerSecond: promised).size(over: RatePromise.window).bytes
            Self.check(call.pair, budget, "seed \(seed)")
            // Tests with real clocks run beside this one.
            await Task.yield()
        }
        if part == 0 { print("held at most:", largest.sorted { $0.value > $1.value }) }
    }

    /// Half an hour with faults: each half minute another link, an outage now and then.
    private static func halfAnHour(after turn: (Int, inout Call) throws -> Void) throws -> Call {
        var random = SplitMix64(seed: 1)
        var call = try Call(24, Self.link(&random), seed: 1)
        for place in 0..<60 {
            try call.run(for: .seconds(27))
            let next = Self.link(&random)
            if place.isMultiple(of: 5) {
                call.pair.there.conditions.loss = .init(random: 1)
                call.pair.back.conditions.loss = .init(random: 1)
                try call.run(for: .seconds(3))
                call.pair.back.conditions = next
            } else {
                try call.run(for: .seconds(3))
            }
            call.pair.there.conditions = next
            try turn(place, &call)
        }
        return call
    }

    /// The bytes of memory that this process has in use.
    private static func memory() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        return pages * 4096
    }

    /// The same half an hour in a process of its own: after five minutes it takes no more memory.
    @Test func halfAnHourOfFaultsTakesNoMoreMemory() async throws {
        let result = try await #require(
            processExitsWith: .success, observing: [\.standardOutputContent]
        ) {
            var taken: [Int] = []
            _ = try CallPropertyTests.halfAnHour { place, call in
                call.forgetNotes()
                if place % 10 == 9 { taken.append(try CallPropertyTests.memory()) }
            }
            let text = taken.map { "\($0 / 1024)" }.joined(separator: ", ")
            print("memory after 5, 10, ... 30 minutes of faults, KiB: \(text)")
            // Allocators keep what they had; an unbounded list of a call's packets would be more.
            let growth = (taken.max() ?? .max) - (taken.first ?? 0)
            precondition(taken.count == 6 && growth < 2 << 20, "memory grows: \(text) KiB")
        }
        let said = String(decoding: result.standardOutputContent, as: UTF8.self)
        let line = try #require(said.split(separator: "\n").first { $0.contains("minutes of") })
        print(line)
    }

    @Test func halfAnHourOfFaults() throws {
        var largest: [String: Int] = [:]
        let call = try Self.halfAnHour { place, call in
            Self.checkHeld(call.pair, &largest, "half minute \(place)")
        }
        Self.check(call.pair, 6000, "half an hour")
        #expect(call.pair.sender.isConnected)
        #expect(call.pair.receiver.statistics.pictures > 20_000)
        #expect(call.heardShare > 0.7, "\(call.heardShare)")
    }
}
