import Media
import Security
import Testing

/// Walks every state that a handshake can come to, and asserts what must hold in each.
///
/// A step delivers a datagram, delivers a copy of it, perhaps with a bit flipped and from elsewhere, loses it, lets time
/// pass to the next timer, starts the responder anew, or seals a payload at one end. Datagrams are delivered in every
/// order. Up to two callers with the key call one responder; the number of sealed payloads, of copies, of new starts
/// and of repeated questions is bounded, so that the walk ends. What was met on the way is noted: each walk says what
/// it has to come to.
@Suite struct HandshakeWalkTests {
    private struct Limits {
        var callers: Int
        var copies: Int
        var flying: Int
        var seals: UInt64
        var time: Duration
        var forgeries = 0
        var restarts = 0
        /// How much faster than usual all timers are: late states then come after few steps.
        var speed = 1
        var hasStaticKeys = false
        /// The second caller has other weights.
        var hasOtherWeights = false

        var timing: SecurityTiming {
            var timing = SecurityTiming()
            guard speed > 1 else { return timing }
            timing.questionInterval = timing.questionInterval / speed
            timing.largestQuestionInterval = timing.largestQuestionInterval / speed
            timing.connectTimeout = timing.connectTimeout / speed
            timing.renewAfterSilence = timing.renewAfterSilence / speed
            timing.busyTime = timing.busyTime / speed
            timing.answerKept = timing.answerKept / speed
            timing.answerTimeout = timing.answerTimeout / speed
            return timing
        }

        func credentials(ofCaller isCaller: Bool) -> Credentials {
            guard hasStaticKeys else { return .shared(Fixtures.key(1)) }
            let (caller, responder) = (Fixtures.statics(1), Fixtures.statics(2))
            return isCaller
                ? .statics(own: caller, peer: responder.publicKey, shared: nil)
                : .statics(own: responder, peer: caller.publicKey, shared: nil)
        }

        func caller(_ index: Int, seed: UInt64, at now: Instant) -> InitiatingChannel {
            InitiatingChannel(
                to: Fixtures.receiver, credentials: credentials(ofCaller: true),
                terms: Fixtures.terms(weights: hasOtherWeights && index == 1 ? 8 : 7),
                timing: timing, random: SplitMix64(seed: seed), at: now)
        }

        func responder(seed: UInt64) -> RespondingChannel {
            RespondingChannel(
                credentials: credentials(ofCaller: false), terms: Fixtures.terms(), timing: timing,
                random: SplitMix64(seed: seed))
        }
    }

    /// What a walk can come to.
    private enum Landmark: Hashable {
        case askedAgain, connected, believed, renewing, newKeys, noAnswer, answerExpired
        case busyBesideAConnection, forgeryIgnored, restarted
        case refused(HandshakeRefusal)
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
        var said: [Int]
        var events: [Int]
        var forgeries: Int
        var restarts: Int
    }

    private struct World {
        let limits: Limits
        var callers: [InitiatingChannel]
        var responder: RespondingChannel
        var flying: [ChannelPair.Flying] = []
        var sealed: [UInt64]
        var opened: [String] = []
        var failed: [Bool]
        var copies = 0
        var forgeries = 0
        var restarts = 0
        var connections: [Int]
        var met: Set<Landmark> = []
        var asked: [NetworkAddress: Int] = [:]
        var answered: [NetworkAddress: Int] = [:]
        var now = Instant.zero

        init(_ limits: Limits) {
            self.limits = limits
            callers = (0..<limits.callers).map {
                limits.caller($0, seed: UInt64(20 + $0), at: .zero)
            }
            responder = limits.responder(seed: 19)
            sealed = [UInt64](repeating: 0, count: limits.callers + 1)
            failed = [Bool](repeating: false, count: limits.callers)
            connections = [Int](repeating: 0, count: limits.callers)
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
                opened: opened.sorted(), copies: copies, now: now,
                said: callers.map(\.statistics.sentHandshakes), events: connections,
                forgeries: forgeries, restarts: restarts)
        }

        @discardableResult
        mutating func drain() -> Instant? {
            var wakes: [Instant] = []
            for index in callers.indices {
                draining: while true {
                    switch callers[index].poll(at: now) {
                    case .transmit(let bytes, let to):
                        flying.append(.init(bytes: bytes, from: Self.address(index), to: to))
                        if callers[index].statistics.sentHandshakes > 1 { met.insert(.askedAgain) }
                        if callers[index].isConnected { met.insert(.renewing) }
                    case .event(.failed(let failure)):
                        failed[index] = true
                        note(failure)
                    case .event(.established):
                        connections[index] += 1
                        met.insert(connections[index] > 1 ? .newKeys : .connected)
                    case .event(.refused): break
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
                case .event(.established): met.insert(.believed)
                case .event(.refused(.busy, let address)):
                    let caller = callers.indices.first { Self.address($0) == address }
                    if let caller, callers[caller].isConnected {
                        met.insert(.busyBesideAConnection)
                    }
                case .event: break
                case .wait(let until):
                    if let until { wakes.append(until) }
                    break draining
                }
            }
            return wakes.min()
        }

        private mutating func note(_ failure: HandshakeFailure) {
            switch failure {
            case .noAnswer: met.insert(.noAnswer)
            case .refused(let refusal): met.insert(.refused(refusal))
            case .forgeryBudgetSpent: break
            }
        }

        private var ignored: Int {
            callers.reduce(responder.statistics.ignored) { $0 + $1.statistics.ignored }
        }

        /// Another responder with the same key takes the place of this one.
        mutating func restart() {
            restarts += 1
            responder = limits.responder(seed: UInt64(100 + restarts))
            met.insert(.restarted)
            drain()
        }

        /// Delivers a copy with a bit of its end flipped, as if from elsewhere, and nothing comes of it.
        mutating func forge(_ datagram: ChannelPair.Flying) {
            forgeries += 1
            let before = key
            var forged = datagram
            forged.bytes[forged.bytes.count - 1] ^= 1
            forged.from = Fixtures.stranger
            let count = ignored
            deliver(forged)
            // A copy of an answer that is of no use any more is not even looked at.
            if ignored > count { met.insert(.forgeryIgnored) }
            #expect(key == before, "nothing comes of a forged datagram")
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
        if world.forgeries < limits.forgeries, let datagram = world.flying.first {
            var forged = world
            forged.forge(datagram)
            next.append(forged)
        }
        if world.restarts < limits.restarts {
            var restarted = world
            restarted.restart()
            next.append(restarted)
        }
        for end in world.sealed.indices where world.sealed[end] < limits.seals {
            var sealed = world
            if sealed.seal(at: end) { next.append(sealed) }
        }
        var later = world
        if let wake = later.drain(), wake.since(.zero) <= limits.time {
            let open = later.responder.openAnswers
            later.now = wake
            later.drain()
            if later.responder.openAnswers < open { later.met.insert(.answerExpired) }
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
            if let caller {
                #expect(
                    !(world.limits.hasOtherWeights && caller == 1),
                    "who was refused is not believed")
            }
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
        var seed: UInt64 = 200
        let end = world.now.advanced(by: .seconds(16) / world.limits.speed)
        let old = Set(world.opened)
        while world.now < end {
            // Who has given up, or was refused, calls again; other weights are refused again.
            for index in world.callers.indices where world.failed[index] {
                world.failed[index] = false
                seed += 1
                world.callers[index] = world.limits.caller(index, seed: seed, at: world.now)
                world.drain()
            }
            while !world.flying.isEmpty { world.deliver(world.flying.removeFirst()) }
            for index in world.callers.indices where world.callers[index].isConnected {
                _ = world.seal(at: index)
            }
            _ = world.seal(at: world.callers.count)
            while !world.flying.isEmpty { world.deliver(world.flying.removeFirst()) }
            world.now = world.now.advanced(by: .milliseconds(500) / world.limits.speed)
            world.drain()
        }
        let fresh = Set(world.opened).subtracting(old)
        #expect(world.responder.isConnected, "from every state there is a way to a connection")
        #expect(
            fresh.contains { !$0.hasPrefix("2 ") } && fresh.contains { $0.hasPrefix("2 ") },
            "and both directions of it carry datagrams")
    }

    /// How many states there are, and what was met.
    private func walk(_ limits: Limits) -> (states: Int, met: Set<Landmark>) {
        var frontier = [World(limits)]
        var seen: Set<Key> = [frontier[0].key]
        var met: Set<Landmark> = []
        while let world = frontier.popLast() {
            check(world)
            met.formUnion(world.met)
            recover(world)
            for next in steps(from: world, limits) where seen.insert(next.key).inserted {
                frontier.append(next)
            }
        }
        print("\(limits.callers) callers, \(limits.speed) times as fast: \(seen.count) states")
        return (seen.count, met)
    }

    @Test func oneCaller() {
        let limits = Limits(
            callers: 1, copies: 1, flying: 3, seals: 2, time: .milliseconds(800))
        let (states, met) = walk(limits)
        #expect(states > 1000, "the walk has seen more than a straight way")
        #expect(met == [.askedAgain, .connected, .believed])
    }

    @Test func twoCallers() {
        let limits = Limits(callers: 2, copies: 1, flying: 3, seals: 1, time: .milliseconds(1))
        let (states, met) = walk(limits)
        #expect(states > 300, "the walk has seen more than a straight way")
        #expect(met == [.connected, .believed, .refused(.busy)])
    }

    /// Timers a thousand times as fast: silence, giving up and forgetting are a few steps away. The responder may be
    /// started anew once, and a datagram forged.
    @Test(arguments: [false, true])
    func oneCallerForLong(hasStaticKeys: Bool) {
        var limits = Limits(callers: 1, copies: 0, flying: 1, seals: 1, time: .milliseconds(12))
        limits.speed = 1000
        limits.restarts = 1
        limits.forgeries = hasStaticKeys ? 0 : 1
        limits.hasStaticKeys = hasStaticKeys
        let (states, met) = walk(limits)
        #expect(states > 1000, "the walk has seen more than a straight way")
        var expected: Set<Landmark> = [
            .askedAgain, .connected, .believed, .renewing, .newKeys, .noAnswer, .answerExpired,
            .busyBesideAConnection, .restarted,
        ]
        if !hasStaticKeys { expected.insert(.forgeryIgnored) }
        #expect(met == expected)
    }

    /// The second caller has other weights: it is refused, whatever happens, and hinders nobody.
    @Test func aCallerWithOtherWeights() {
        var limits = Limits(callers: 2, copies: 1, flying: 3, seals: 1, time: .milliseconds(1))
        limits.hasOtherWeights = true
        let (states, met) = walk(limits)
        #expect(states > 100, "the walk has seen more than a straight way")
        #expect(met == [.connected, .believed, .refused(.weightsDiffer), .refused(.busy)])
    }
}
