import Media
import NetworkEmulation
import Session
import Testing
import WireFormat

/// Whole calls, in either direction, and bulk transfers over one and the same link, on a virtual clock.
struct SharedLink {
    /// A call whose rate follows what the link leaves it, with sources that never end.
    struct Member {
        var sender: SendSession
        var receiver: ReceiveSession
        /// Its pictures go the other way.
        let isBackwards: Bool
        let begin: Instant
        var follower: PlanFollower
        var received: [(Instant, ReceiveSession.Event)] = []
        /// What arrived of what it sent: when, and how much, headers counted.
        var arrivals: [(at: Instant, bytes: Int)] = []
        var wire: [(Instant, Int)] = []
        private var start: Instant?
        private var place = 0
        private var source = 0

        init(_ promised: Double, isBackwards: Bool, at begin: Instant) throws {
            let plan = try #require(
                CallPlan(rate: Bitrate(kilobitsPerSecond: promised), hasSound: true))
            let hello = try #require(
                HelloFrame(
                    size: .standard, rate: .standard, keypointCount: 20, promisedRate: plan.rate,
                    weightsHash: Pair.hash))
            follower = PlanFollower(plan, start: CallPlan.startingRate)
            sender = SendSession(
                call: CallIdentifier(77), hello: hello, hasSound: true,
                interval: follower.plan.interval, startingRate: CallPlan.startingRate, at: begin)
            receiver = Pair.receiver(.live, at: begin)
            self.isBackwards = isBackwards
            self.begin = begin
            sender.add(.source(SourceTests.source(0, length: 500)), at: begin)
            let set = try #require(SourceSet(number: .zero, sources: [SourceIdentifier(0)]))
            sender.add(.sourceSet(set), at: begin)
        }

        /// When the next datagram's pictures are there.
        var due: Instant? {
            start?.advanced(by: .milliseconds(40 * (place + follower.plan.picturesPerDatagram)))
        }

        /// Adds what is due.
        mutating func feed(at now: Instant) throws {
            if start == nil, sender.isAcknowledged(.zero) {
                start = now
            }
            if start != nil, sender.unsentSources.bytes < 10_000 {
                // The next one takes the place of the one before; the first one is what pictures are shown from.
                if source > 0 { sender.drop(SourceIdentifier(UInt16(source))) }
                source += 1
                sender.add(.source(SourceTests.source(UInt16(source), length: 50_000)), at: now)
            }
            guard let due, due <= now else { return }
            let count = follower.plan.picturesPerDatagram
            for frame in try PlannedMedia.frames(follower.plan, from: place, count: count) {
                sender.add(frame, at: now)
            }
            place += count
            if let plan = follower.next(for: PictureNumber(UInt32(place)), at: now) {
                sender.use(interval: plan.interval)
            }
        }

        /// What got through between two seconds.
        func delivered(from begin: Int, to end: Int) -> Double {
            let bytes = arrivals.filter {
                $0.at.nanoseconds >= Int64(begin) * 1_000_000_000
                    && $0.at.nanoseconds < Int64(end) * 1_000_000_000
            }.reduce(0) { $0 + $1.bytes }
            return Bitrate(DataSize(bytes: bytes), over: .seconds(end - begin)).kilobitsPerSecond
        }

        /// Of the ticks that were played from a second on, how many were there.
        func heardShare(from begin: Int) -> Double {
            var (heard, all) = (0, 0)
            for (instant, event) in received
            where instant.nanoseconds > Int64(begin) * 1_000_000_000 {
                guard case .voice(let play) = event else { continue }
                all += play.tickCount
                if case .packet = play { heard += play.tickCount }
            }
            return all > 0 ? Double(heard) / Double(all) : 0
        }
    }

    var members: [Member]
    var transfers: [BulkTransfer]
    /// There and back.
    var links: [EmulatedLink]
    var now = Instant.zero

    init(
        _ members: [Member], beside transfers: [BulkTransfer] = [], over conditions: LinkConditions,
        back: LinkConditions? = nil, seed: UInt64
    ) {
        self.members = members
        self.transfers = transfers
        links = [
            EmulatedLink(conditions, seed: seed),
            EmulatedLink(back ?? conditions, seed: seed &+ 1),
        ]
    }

    mutating func run(for duration: Duration) throws {
        let end = now.advanced(by: duration)
        while now < end {
            let wakes = try step()
            now = min(end, max(wakes.min() ?? end, now.advanced(by: .microseconds(100))))
        }
    }

    /// Everything that is due; when something will be.
    private mutating func step() throws -> [Instant] {
        for way in 0...1 {
            while let bytes = links[way].receive(at: now) { take(bytes, way) }
        }
        var wakes: [Instant] = []
        for index in members.indices {
            guard members[index].begin <= now else {
                wakes.append(members[index].begin)
                continue
            }
            try members[index].feed(at: now)
            wakes += drain(index)
            wakes += [members[index].due].compactMap(\.self)
        }
        for index in transfers.indices {
            while let number = transfers[index].send(at: now) {
                send(number, of: index, BulkTransfer.packetSize, 0)
            }
            wakes += [transfers[index].wake(after: now)].compactMap(\.self)
        }
        return wakes + links.compactMap(\.nextArrival)
    }

    /// The first byte of a datagram says whose it is.
    private mutating func take(_ bytes: [UInt8], _ way: Int) {
        let index = Int(bytes[0])
        let inside = Array(bytes.dropFirst())
        guard index < 128 else {
            let number = Int(inside[0]) << 16 | Int(inside[1]) << 8 | Int(inside[2])
            guard way == 0 else { return transfers[index - 128].hear(number, at: now) }
            return send(transfers[index - 128].arrive(number), of: index - 128, 40, 1)
        }
        guard (way == 0) != members[index].isBackwards else {
            return members[index].sender.receive(inside.span, at: now)
        }
        members[index].arrivals.append((now, inside.count + 28))
        if let peer = Pair.address {
            members[index].receiver.receive(inside.span, from: peer, at: now)
        }
    }

    private mutating func send(_ number: Int, of transfer: Int, _ size: Int, _ way: Int) {
        let place = [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        let rest = [UInt8](repeating: 0, count: size - 28 - 4)
        links[way].send([128 + UInt8(transfer)] + place + rest, at: now)
    }

    private mutating func drain(_ index: Int) -> [Instant] {
        let way = members[index].isBackwards ? 1 : 0
        var wakes: [Instant] = []
        sending: while true {
            switch members[index].sender.poll(at: now) {
            case .transmit(let bytes):
                members[index].wire.append((now, bytes.count + 31))
                links[way].send([UInt8(index)] + bytes, at: now)
            case .event(.targetBitrate(let rate)): members[index].follower.take(rate, at: now)
            case .event: break
            case .wait(let wake):
                if let wake { wakes.append(wake) }
                break sending
            }
        }
        receiving: while true {
            switch members[index].receiver.poll(at: now) {
            case .transmit(let bytes, _): links[1 - way].send([UInt8(index)] + bytes, at: now)
            case .event(let event): members[index].received.append((now, event))
            case .wait(let wake):
                if let wake { wakes.append(wake) }
                break receiving
            }
        }
        return wakes
    }
}
