import Media
import Security
import Testing

/// Walks every state that a handshake can come to, and asserts what must hold in each.
///
/// A step delivers a datagram, delivers a copy of it, loses it, lets time pass to the next timer, or seals a
/// payload at one end. Datagrams are delivered in every order. Two callers with the key call one responder; the
/// number of sealed payloads, of copies and of repeated questions is bounded, so that the walk ends.
@Suite struct HandshakeWalkTests {
    private struct Limits {
        var callers: Int
        var copies: Int
        var flying: Int
        var seals: UInt64
        var time: Duration
    }

    /// What tells two states apart; all else follows from it, since keys are drawn from seeds.
    private struct Key: Hashable {
        var connected: [Bool]
        var failed: [Bool]
        var responder: NetworkAddress?
        var openAnswers: Int
        var flying: [ChannelPair.Flying: Int]
        var sealed: [UInt64]
        var opened: [String]
        var copies: Int
        var now: Instant
    }

    private struct World {
        var callers: [InitiatingChannel]
        var responder: RespondingChannel
        var flying: [ChannelPair.Flying] = []
        var sealed: [UInt64]
        var opened: [String] = []
        var failed: [Bool]
        var copies = 0
        var asked: [NetworkAddress: Int] = [:]
        var answered: [NetworkAddress: Int] = [:]
        var now = Instant.zero

        init(callers count: Int) {
            callers = (0..<count).map {
                InitiatingChannel(
                    to: Fixtures.receiver, credentials: .shared(Fixtures.key(1)),
                    terms: Fixtures.terms(), random: SplitMix64(seed: UInt64(20 + $0)), at: .zero)
            }
            responder = RespondingChannel(
                credentials: .shared(Fixtures.key(1)), terms: Fixtures.terms(),
                random: SplitMix64(seed: 19))
            sealed = [UInt64](repeating: 0, count: count + 1)
            failed = [Bool](repeating: false, count: count)
            drain()
        }

        static func address(_ caller: Int) -> NetworkAddress {
            Fixtures.address(UInt8(10 + caller))
        }

        var key: Key {
            Key(
                connected: callers.map(\.isConnected), failed: failed, responder: responder.peer,
                openAnswers: responder.openAnswers,
                flying: Dictionary(flying.map { ($0, 1) }, uniquingKeysWith: +), sealed: sealed,
                opened: opened.sorted(), copies: copies, now: now)
        }

        @discardableResult
        mutating func drain() -> Instant? {
            var wakes: [Instant] = []
            for index in callers.indices {
                draining: while true {
                    switch callers[index].poll(at: now) {
                    case .transmit(let bytes, let to):
                        flying.append(.init(bytes: bytes, from: Self.address(index), to: to))
                    case .event(.failed): failed[index] = true
                    case .event: break
                    case .wait(let until):
                        if let until { wakes.append(until) }
                        break draining
                    }
                }
            }
            draining: while true {
                switch responder.poll(at: now) {
                case .transmit(let bytes, let to):
                    answered[to, default: 0] += bytes.count
                    flying.append(.init(bytes: bytes, from: Fixtures.receiver, to: to))
                case .event: break
                case .wait(let until):
                    if let until { wakes.append(until) }
                    break draining
                }
            }
            return wakes.min()
        }

        mutating func deliver(_ datagram: ChannelPair.Flying) {
            var result: OpenedDatagram?
            if datagram.to == Fixtures.receiver {
                asked[datagram.from, default: 0] += datagram.bytes.count
                result = responder.receive(datagram.bytes, from: datagram.from, at: now)
            } else if let index = callers.indices.first(where: { Self.address($0) == datagram.to })
            {
                result = callers[index].receive(datagram.bytes, from: datagram.from, at: now)
            }
            if let result {
                opened.append("\(datagram.to.bytes[3]) \(result.packetNumber) \(result.payload)")
            }
            drain()
        }

        /// Seals at a caller, or at the responder where `end` is past the callers.
        mutating func seal(at end: Int) -> Bool {
            let made =
                end < callers.count
                ? try? callers[end].seal([UInt8(end)], packetNumber: sealed[end])
                : try? responder.seal([UInt8(end)], packetNumber: sealed[end])
            guard let made else { return false }
            sealed[end] += 1
            let from = end < callers.count ? Self.address(end) : Fixtures.receiver
            flying.append(.init(bytes: made.datagram, from: from, to: made.to))
            return true
        }
    }

    private func steps(from world: World, _ limits: Limits) -> [World] {
        var next: [World] = []
        for (index, datagram) in world.flying.enumerated()
        where !world.flying[..<index].contains(datagram) {
            var delivered = world
            delivered.flying.remove(at: index)
            let lost = delivered
            delivered.deliver(datagram)
            next += [delivered, lost]
            if world.copies < limits.copies {
                var copied = world
                copied.copies += 1
                copied.deliver(datagram)
                next.append(copied)
            }
        }
        for end in world.sealed.indices where world.sealed[end] < limits.seals {
            var sealed = world
            if sealed.seal(at: end) { next.append(sealed) }
        }
        var later = world
        if let wake = later.drain(), wake.since(.zero) <= limits.time {
            later.now = wake
            later.drain()
            next.append(later)
        }
        return next.filter { $0.flying.count <= limits.flying }
    }

    private func check(_ world: World) {
        #expect(Set(world.opened).count == world.opened.count, "nothing opens twice")
        for (address, bytes) in world.answered {
            #expect(bytes <= world.asked[address] ?? 0, "no answer is longer than its question")
        }
        if let peer = world.responder.peer {
            let caller = world.callers.indices.first { World.address($0) == peer }
            #expect(
                caller.map { world.callers[$0].isConnected } == true, "who is believed has keys")
        }
        for line in world.opened {
            // At the responder (2) from a caller's number; at a caller (10…) only from the responder.
            let end = UInt8(world.callers.count)
            #expect(line.hasPrefix("2 ") != line.hasSuffix("[\(end)]"), "nothing is reflected")
        }
    }

    /// From here on nothing is lost: the call that can be made is made.
    private func recover(_ start: World) {
        var world = start
        world.flying = []
        let end = world.now.advanced(by: .seconds(16))
        while world.now < end {
            while !world.flying.isEmpty { world.deliver(world.flying.removeFirst()) }
            for index in world.callers.indices where world.callers[index].isConnected {
                _ = world.seal(at: index)
            }
            _ = world.seal(at: world.callers.count)
            while !world.flying.isEmpty { world.deliver(world.flying.removeFirst()) }
            world.now = world.now.advanced(by: .milliseconds(500))
            world.drain()
        }
        #expect(world.responder.isConnected, "from every state there is a way to a connection")
        #expect(
            world.opened.contains { !$0.hasPrefix("2 ") }
                && world.opened.contains { $0.hasPrefix("2 ") },
            "and both directions of it carry datagrams")
    }

    private func walk(_ limits: Limits) -> Int {
        var frontier = [World(callers: limits.callers)]
        var seen: Set<Key> = [frontier[0].key]
        while let world = frontier.popLast() {
            check(world)
            recover(world)
            for next in steps(from: world, limits) where seen.insert(next.key).inserted {
                frontier.append(next)
            }
        }
        return seen.count
    }

    @Test func oneCaller() {
        let limits = Limits(
            callers: 1, copies: 1, flying: 3, seals: 2, time: .milliseconds(800))
        #expect(walk(limits) > 1000, "the walk has seen more than a straight way")
    }

    @Test func twoCallers() {
        let limits = Limits(callers: 2, copies: 1, flying: 3, seals: 1, time: .milliseconds(1))
        #expect(walk(limits) > 300, "the walk has seen more than a straight way")
    }
}
