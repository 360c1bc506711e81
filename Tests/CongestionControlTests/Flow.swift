import CongestionControl
import Media
import NetworkEmulation

/// What decides how much a flow may send.
protocol Controller {
    var target: Bitrate { get }
    mutating func take(_ report: DeliveryReport, at now: Instant)
}

extension RateController: Controller {}

/// A sender that fills its target as far as it has something to say, and the receiver that
/// acknowledges, as a call does: few datagrams, each second one acknowledged, or one after 100 ms.
struct Flow {
    /// A packet on its way, or known to have arrived.
    struct Packet {
        let size: Int
        let sent: Instant
        var arrival: Instant?
        var isTold = false
    }

    var controller: any Controller
    let interval: Duration
    /// What there is to send at a time, at most; nothing for no end of it.
    var demand: (Instant) -> Bitrate? = { _ in nil }
    /// Whether it sends at all.
    var isOn = true
    /// How much later than its own link says it hears of what has arrived.
    var hearsLate = Duration.zero
    /// By how many parts in a million the receiver's clock is faster.
    var skew = 0.0
    var packets: [Packet] = []
    var nextSend: Instant
    private var unacknowledged = 0
    private var ackDue: Instant?
    private var largestTold = -1
    /// What happened, each tenth of a second or so: the target, and how long the newest packet took.
    var targets: [(at: Instant, rate: Bitrate)] = []
    var delays: [(at: Instant, delay: Duration)] = []

    init(_ controller: any Controller, interval: Duration = .milliseconds(120), at start: Instant) {
        self.controller = controller
        self.interval = interval
        nextSend = start
    }

    /// The next datagram's size without headers, where one is due.
    mutating func send(at now: Instant, index: UInt8) -> [UInt8]? {
        guard isOn, nextSend <= now else { return nil }
        nextSend = now.advanced(by: interval)
        var rate = controller.target
        if let demand = demand(now) { rate = min(rate, demand) }
        let size = max(45, min(1200, rate.size(over: interval).bytes))
        packets.append(Packet(size: size, sent: now))
        let number = packets.count - 1
        return [index, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)]
            + [UInt8](repeating: 0, count: size - 28 - 4)
    }

    mutating func arrive(_ number: Int, at now: Instant) {
        guard packets[number].arrival == nil else { return }
        packets[number].arrival = now
        delays.append((now, now.since(packets[number].sent)))
        unacknowledged += 1
        let wait: Duration = unacknowledged >= 2 ? .zero : .milliseconds(100)
        ackDue = min(ackDue ?? now.advanced(by: wait), now.advanced(by: wait))
    }

    /// Whether the receiver speaks now; it then says all it knows.
    mutating func acknowledges(at now: Instant) -> Bool {
        guard let due = ackDue, due <= now else { return false }
        ackDue = nil
        unacknowledged = 0
        return true
    }

    /// The sender hears what had arrived by `then`.
    mutating func hear(of then: Instant, at now: Instant) {
        var report = DeliveryReport()
        guard let largest = packets.lastIndex(where: { $0.arrival.map { $0 <= then } ?? false })
        else { return }
        if largest > largestTold, let arrival = packets[largest].arrival {
            let clock = arrival.nanoseconds + Int64(Double(arrival.nanoseconds) * skew / 1e6)
            report.newest = .init(
                size: DataSize(bytes: packets[largest].size), sent: packets[largest].sent,
                arrival: UInt16(truncatingIfNeeded: clock / 1_000_000))
        }
        for number in max(0, largest - 100)...largest where !packets[number].isTold {
            if packets[number].arrival.map({ $0 <= then }) ?? false {
                report.deliveredPackets += 1
                report.delivered += DataSize(bytes: packets[number].size)
                packets[number].isTold = true
            } else if number + 3 <= largest {
                report.lost.append(
                    .init(size: DataSize(bytes: packets[number].size), sent: packets[number].sent))
                packets[number].isTold = true
            }
        }
        largestTold = max(largestTold, largest)
        report.roundTrip = .milliseconds(100)
        controller.take(report, at: now)
        targets.append((now, controller.target))
    }

    var wake: Instant { [isOn ? nextSend : nil, ackDue].compactMap(\.self).min() ?? nextSend }
}
