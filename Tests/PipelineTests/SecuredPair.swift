import Media
import NetworkEmulation
import Pipeline
import Security
import Session
import Testing
import WireFormat

/// Both ends of a sealed call on a virtual clock, and somebody on the path between them.
struct SecuredPair {
    /// Who puts datagrams on the way to the receiver, and where they seem to come from.
    typealias Attacker = (_ seen: [UInt8], _ random: inout SplitMix64) -> [(
        bytes: [UInt8], from: NetworkAddress
    )]

    static let hash = [UInt8](repeating: 7, count: 32)

    var sender: SecuredSendSession
    var receiver: SecuredReceiveSession
    var there: EmulatedLink
    var back: EmulatedLink
    var now = Instant.zero
    /// Where the sender is at present.
    var address: NetworkAddress
    var attacker: Attacker?
    /// The same on the way to the sender.
    var attackerBack: Attacker?
    var sent: [SendSession.Event] = []
    var received: [ReceiveSession.Event] = []
    /// When the pictures that were played with their keypoints were.
    var shownAt: [(number: Int, at: Instant)] = []
    /// When how many bytes went out at the sender, with headers.
    var wire: [(at: Instant, bytes: Int)] = []
    /// The same at the receiver, what goes astray included.
    var wireBack: [(at: Instant, bytes: Int)] = []
    var strayAnswers = 0
    private var random = SplitMix64(seed: 40)

    static func address(_ host: UInt8) throws -> NetworkAddress {
        try #require(NetworkAddress(bytes: [192, 0, 2, host], port: 4000))
    }

    static func credentials(_ seed: UInt64 = 1) -> Credentials {
        var random = SplitMix64(seed: seed)
        return .shared(PreSharedKey(using: &random))
    }

    static func terms(_ hash: [UInt8]) throws -> HandshakeTerms {
        try #require(HandshakeTerms(weightsHash: hash, keypointCount: 20, sourceSetSize: 8))
    }

    init(
        _ conditions: LinkConditions = LinkConditions(), seed: UInt64 = 1,
        rate: Bitrate = Bitrate(kilobitsPerSecond: 24), senderHash: [UInt8] = hash,
        senderKey: UInt64 = 1, packetNumber: UInt64 = 0
    ) throws {
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20, promisedRate: rate,
                weightsHash: senderHash))
        let call = CallIdentifier(77)
        var session = SendSession(call: call, hello: hello, at: .zero)
        session.nextPacketNumber = packetNumber
        sender = SecuredSendSession(
            session, call: call,
            channel: InitiatingChannel(
                to: try Self.address(2), credentials: Self.credentials(senderKey),
                terms: try Self.terms(senderHash), random: SplitMix64(seed: seed), at: .zero))
        receiver = try Self.receiver(seed: seed, at: .zero)
        there = EmulatedLink(conditions, seed: seed)
        back = EmulatedLink(conditions, seed: seed &+ 1000)
        address = try Self.address(1)
    }

    static func receiver(seed: UInt64, at now: Instant) throws -> SecuredReceiveSession {
        SecuredReceiveSession(
            ReceiveSession(
                expecting: HelloExpectation(
                    size: .standard, rate: .standard, keypointCount: 20, weightsHash: hash),
                playout: .recording, isPeerProven: true, at: now),
            channel: RespondingChannel(
                credentials: credentials(), terms: try terms(hash),
                random: SplitMix64(seed: seed &+ 500)))
    }

    /// Sends a source and then so many pictures, and ends the call.
    mutating func wholeCall(pictures: Int, source size: Int = 1500) throws {
        try introduce(size)
        try stream(pictures: pictures)
        sender.end(.finished, at: now)
        run(for: .seconds(4))
    }

    mutating func introduce(_ size: Int = 1500) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let source = CodedSource(identifier: SourceIdentifier(0), payload: bytes)
        sender.add(.source(source), at: now)
        let set = try #require(SourceSet(number: .zero, sources: [source.identifier]))
        sender.add(.sourceSet(set), at: now)
        let end = now.advanced(by: .seconds(9))
        while !sender.isAcknowledged(.zero), now < end { run(for: .milliseconds(10)) }
    }

    /// Three pictures to a unit, each unit when its last picture was taken.
    mutating func stream(pictures: Int, from first: Int = 0) throws {
        let start = now
        for picture in stride(from: first, to: first + pictures, by: 3) {
            run(until: start.advanced(by: .milliseconds(40 * (picture - first + 2))))
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(picture)), pictureCount: 3,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: [UInt8(truncatingIfNeeded: picture)] + [1, 2, 3, 4, 5, 6]))
            sender.add(.keypoints(unit), at: now)
            run(until: now)
        }
    }

    /// Lets nothing pass in either direction for a while, in which the sender goes on with its pictures.
    ///
    /// - Returns: the picture after the last one of them.
    mutating func outage(of duration: Duration, from first: Int) throws -> Int {
        let end = now.advanced(by: duration)
        let losses = (there.conditions.loss, back.conditions.loss)
        there.conditions.loss = .init(random: 1)
        back.conditions.loss = .init(random: 1)
        let count = Int(duration.seconds * 25) / 3 * 3
        try stream(pictures: count, from: first)
        run(until: end)
        (there.conditions.loss, back.conditions.loss) = losses
        return first + count
    }

    /// Whether either end takes the call for over.
    var isOver: Bool {
        sent.contains { if case .ended = $0 { true } else { false } }
            || received.contains { if case .ended = $0 { true } else { false } }
    }

    mutating func run(for duration: Duration) { run(until: now.advanced(by: duration)) }

    mutating func run(until end: Instant) {
        while true {
            while let bytes = there.receive(at: now) {
                // Somebody on the path is faster than the path.
                for attack in attacker?(bytes, &random) ?? [] {
                    receiver.receive(attack.bytes.span, from: attack.from, at: now)
                }
                receiver.receive(bytes.span, from: address, at: now)
            }
            while let bytes = back.receive(at: now) {
                for attack in attackerBack?(bytes, &random) ?? [] {
                    sender.receive(attack.bytes.span, from: attack.from, at: now)
                }
                sender.receive(bytes.span, from: address, at: now)
            }
            var wakes = [drainSender(), drainReceiver()].compactMap(\.self)
            wakes += [there.nextArrival, back.nextArrival].compactMap(\.self)
            guard let next = wakes.min(), next <= end else { break }
            now = max(now, next)
        }
        now = end
    }

    /// The numbers that were played with their keypoints.
    var shown: [Int] {
        received.compactMap {
            guard case .play(let number, true) = $0 else { return nil }
            return Int(number.rawValue)
        }
    }

    /// The most bytes of the sender in any two seconds, both ends counted.
    var busiestTwoSeconds: Int { Self.busiestTwoSeconds(wire) }

    /// The same of the receiver.
    var busiestTwoSecondsBack: Int { Self.busiestTwoSeconds(wireBack) }

    private static func busiestTwoSeconds(_ wire: [(at: Instant, bytes: Int)]) -> Int {
        var (largest, first, total) = (0, 0, 0)
        for (instant, bytes) in wire {
            total += bytes
            while instant.since(wire[first].at) > .seconds(2) {
                total -= wire[first].bytes
                first += 1
            }
            largest = max(largest, total)
        }
        return largest
    }

    private mutating func drainSender() -> Instant? {
        while true {
            switch sender.poll(at: now) {
            case .transmit(let bytes):
                wire.append((now, bytes.count + 28))
                there.send(bytes, at: now)
            case .event(let event): sent.append(event)
            case .wait(let wake): return wake
            }
        }
    }

    private mutating func drainReceiver() -> Instant? {
        while true {
            switch receiver.poll(at: now) {
            case .transmit(let bytes, let to):
                wireBack.append((now, bytes.count + 28))
                if to == address { back.send(bytes, at: now) } else { strayAnswers += 1 }
            case .event(let event):
                received.append(event)
                if case .play(let number, true) = event {
                    shownAt.append((Int(number.rawValue), now))
                }
            case .wait(let wake): return wake
            }
        }
    }
}
