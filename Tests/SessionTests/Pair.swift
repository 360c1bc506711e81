import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Both ends of a call and the links between them on a virtual clock.
struct Pair {
    static let address = NetworkAddress(bytes: [127, 0, 0, 1], port: 4000)
    static let hash = [UInt8](repeating: 7, count: 32)

    var sender: SendSession
    var receiver: ReceiveSession
    var there: EmulatedLink
    var back: EmulatedLink
    var now = Instant.zero
    var sent: [SendSession.Event] = []
    var received: [(Instant, ReceiveSession.Event)] = []
    /// When how many bytes went out at either end, with headers and as if sealed.
    var wireThere: [(Instant, Int)] = []
    var wireBack: [(Instant, Int)] = []
    let peer: NetworkAddress

    init(
        _ conditions: LinkConditions = LinkConditions(), seed: UInt64 = 1,
        playout: Playout = .recording, receiverHash: [UInt8] = Pair.hash, hasSound: Bool = false,
        rate: Bitrate = Bitrate(kilobitsPerSecond: 1000),
        interval: Duration = .milliseconds(120), startingRate: Bitrate? = nil
    ) throws {
        peer = try #require(Self.address)
        let hello = try #require(
            HelloFrame(
                size: .standard, rate: .standard, keypointCount: 20, promisedRate: rate,
                weightsHash: Self.hash))
        sender = SendSession(
            call: CallIdentifier(77), hello: hello, hasSound: hasSound, interval: interval,
            startingRate: startingRate, at: .zero)
        receiver = Self.receiver(playout, receiverHash, at: .zero)
        there = EmulatedLink(conditions, seed: seed)
        back = EmulatedLink(conditions, seed: seed &+ 1000)
    }

    static func receiver(
        _ playout: Playout, _ hash: [UInt8] = Pair.hash, cache: SourceCache = SourceCache(),
        isPeerProven: Bool = false, at now: Instant
    ) -> ReceiveSession {
        ReceiveSession(
            expecting: HelloExpectation(
                size: .standard, rate: .standard, keypointCount: 20, weightsHash: hash),
            playout: playout, isPeerProven: isPeerProven, cache: cache, at: now)
    }

    /// Adds a source, and the first set with it alone, and waits until the receiver holds both.
    mutating func introduce(_ source: CodedSource, within limit: Duration = .seconds(9)) throws {
        sender.add(.source(source), at: now)
        let set = try #require(SourceSet(number: .zero, sources: [source.identifier]))
        sender.add(.sourceSet(set), at: now)
        let end = now.advanced(by: limit)
        while !sender.isAcknowledged(.zero), now < end { run(for: .milliseconds(10)) }
    }

    /// Lets everything happen up to an instant.
    mutating func run(until end: Instant) {
        while true {
            var wakes: [Instant] = []
            while let bytes = there.receive(at: now) {
                receiver.receive(bytes.span, from: peer, at: now)
            }
            while let bytes = back.receive(at: now) { sender.receive(bytes.span, at: now) }
            if let wake = drainSender() { wakes.append(wake) }
            if let wake = drainReceiver() { wakes.append(wake) }
            wakes += [there.nextArrival, back.nextArrival].compactMap(\.self)
            guard let next = wakes.min(), next <= end else { break }
            now = max(now, next)
        }
        now = end
    }

    mutating func run(for duration: Duration) { run(until: now.advanced(by: duration)) }

    /// Sends keypoint units of three pictures, each when its last picture was taken.
    mutating func stream(pictures: Int, from first: Int = 0) throws {
        let start = now
        for picture in stride(from: first, to: first + pictures, by: 3) {
            let taken = start.advanced(by: .milliseconds(40 * (picture - first + 2)))
            run(until: taken)
            let unit = try #require(
                CodedKeypoints(
                    firstPicture: PictureNumber(UInt32(picture)), pictureCount: 3,
                    sourceSet: .zero, reference: .source(SourceIdentifier(0)),
                    payload: Self.payload(picture)))
            sender.add(.keypoints(unit), at: now)
            run(until: now)
        }
    }

    static func payload(_ picture: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: picture), UInt8(truncatingIfNeeded: picture >> 8)]
            + [UInt8](repeating: 0x55, count: 60)
    }

    /// A datagram of the pair's call.
    static func datagram(_ frames: [Frame], number: UInt64) -> [UInt8] {
        Datagram(
            call: CallIdentifier(77), packetNumber: number, payload: Payload(frames).bytes
        ).bytes
    }

    /// The numbers that were played, with whether their keypoints were there.
    var played: [(number: Int, isThere: Bool, at: Instant)] {
        received.compactMap { instant, event in
            guard case .play(let number, let isThere) = event else { return nil }
            return (Int(number.rawValue), isThere, instant)
        }
    }

    /// The numbers that were played without their keypoints.
    var missed: [Int] { played.filter { !$0.isThere }.map(\.number) }

    private mutating func drainSender() -> Instant? {
        while true {
            switch sender.poll(at: now) {
            case .transmit(let bytes):
                wireThere.append((now, bytes.count + 3 + 28))
                there.send(bytes, at: now)
            case .event(let event): sent.append(event)
            case .wait(let wake): return wake
            }
        }
    }

    private mutating func drainReceiver() -> Instant? {
        while true {
            switch receiver.poll(at: now) {
            case .transmit(let bytes, _):
                wireBack.append((now, bytes.count + 3 + 28))
                back.send(bytes, at: now)
            case .event(let event): received.append((now, event))
            case .wait(let wake): return wake
            }
        }
    }
}
