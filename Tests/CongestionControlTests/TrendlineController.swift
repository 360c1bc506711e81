import CongestionControl
import Media

/// The other design that was tried: the slope of the delay over the last packets, as WebRTC's congestion control
/// has it (draft-ietf-rmcat-gcc-02, with the trendline filter of its later versions). What
/// ``CongestionControl/RateController`` is compared with.
struct TrendlineController: Controller {
    private(set) var target: Bitrate
    private let floor: Double
    private let ceiling: Double
    private var samples: [(time: Double, delay: Double)] = []
    private var previous: (sent: Double, arrival: Double)?
    private var accumulated = 0.0
    private var smoothed = 0.0
    private var threshold = 12.5
    private var overuseSince: Double?
    private var arrivals: [(time: Double, bytes: Int)] = []
    private var latest: Instant?
    private var latestArrival: Double?
    private var averageFull: Double?
    private var isHolding = false
    private var lossReports: [(at: Instant, delivered: Int, lost: Int)] = []

    init(start: Bitrate, floor: Bitrate, ceiling: Bitrate) {
        target = start
        self.floor = floor.bitsPerSecond
        self.ceiling = ceiling.bitsPerSecond
    }

    private enum Signal { case normal, overuse, underuse }

    mutating func take(_ report: DeliveryReport, at now: Instant) {
        let pause = latest.map { now.since($0).seconds } ?? 0
        latest = now
        lossReports.append((now, report.deliveredPackets, report.lost.count))
        lossReports.removeAll { now.since($0.at) > .seconds(2) }
        guard let newest = report.newest else { return }
        let sent = Double(newest.sent.nanoseconds) / 1e6
        var arrival = Double(newest.arrival)
        if let last = latestArrival { arrival += ((last - arrival) / 65536).rounded() * 65536 }
        latestArrival = arrival
        arrivals.append((arrival, report.delivered.bytes))
        arrivals.removeAll { arrival - $0.time > 1000 }
        let signal = detect(sent, arrival)
        update(signal, min(pause, 1))
    }

    private mutating func detect(_ sent: Double, _ arrival: Double) -> Signal {
        defer { previous = (sent, arrival) }
        guard let previous else { return .normal }
        accumulated += (arrival - previous.arrival) - (sent - previous.sent)
        smoothed = 0.9 * smoothed + 0.1 * accumulated
        samples.append((arrival, smoothed))
        if samples.count > 20 { samples.removeFirst() }
        guard samples.count == 20 else { return .normal }
        let meanTime = samples.reduce(0) { $0 + $1.time } / 20
        let meanDelay = samples.reduce(0) { $0 + $1.delay } / 20
        var above = 0.0
        var below = 0.0
        for sample in samples {
            above += (sample.time - meanTime) * (sample.delay - meanDelay)
            below += (sample.time - meanTime) * (sample.time - meanTime)
        }
        let trend = (below > 0 ? above / below : 0) * 60 * 4
        let elapsed = min(100, arrival - previous.arrival)
        defer {
            if abs(trend) < threshold + 15 {
                let gain = abs(trend) < threshold ? 0.039 : 0.0087
                threshold = min(600, max(6, threshold + gain * (abs(trend) - threshold) * elapsed))
            }
        }
        if trend > threshold {
            overuseSince = overuseSince ?? arrival
            return arrival - (overuseSince ?? arrival) >= 10 ? .overuse : .normal
        }
        overuseSince = nil
        return trend < -threshold ? .underuse : .normal
    }

    private mutating func update(_ signal: Signal, _ seconds: Double) {
        let span = (arrivals.last?.time ?? 0) - (arrivals.first?.time ?? 0)
        let bytes = arrivals.dropFirst().reduce(0) { $0 + $1.bytes }
        let delivered = span > 300 ? Double(bytes) * 8000 / span : target.bitsPerSecond
        var rate = target.bitsPerSecond
        switch signal {
        case .overuse:
            if !isHolding { rate = min(rate, 0.85 * delivered) }
            averageFull = delivered
            isHolding = true
        case .underuse: isHolding = true
        case .normal:
            isHolding = false
            if let averageFull, rate > 0.9 * averageFull, rate < 1.1 * averageFull {
                rate += 4000 * seconds
            } else {
                rate *= 1 + 0.08 * seconds
            }
            rate = min(rate, max(target.bitsPerSecond, 1.5 * delivered + 10_000))
        }
        let lost = lossReports.reduce(0) { $0 + $1.lost }
        let count = lossReports.reduce(lost) { $0 + $1.delivered }
        if count >= 10, Double(lost) > 0.1 * Double(count) {
            let share = Double(lost) / Double(count)
            rate = min(rate, target.bitsPerSecond * (1 - 0.5 * share * seconds))
        }
        target = Bitrate(bitsPerSecond: min(max(rate, floor), ceiling))
    }
}
