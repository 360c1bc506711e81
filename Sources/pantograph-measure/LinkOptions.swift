import ArgumentParser
import Media
import NetworkEmulation

/// Options that make an emulated link bad; without any it is perfect.
struct LinkOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Share of datagrams that are lost, 0 to 1.", valueName: "share"))
    var loss = 0.0

    @Option(help: ArgumentHelp("Chance that a burst of loss starts, 0 to 1.", valueName: "chance"))
    var burstStart = 0.0

    @Option(help: ArgumentHelp("Chance that a burst of loss ends, 0 to 1.", valueName: "chance"))
    var burstEnd = 1.0

    @Option(help: ArgumentHelp("One-way delay.", valueName: "ms"))
    var delay = 0

    @Option(help: ArgumentHelp("Added to the delay, at random up to this.", valueName: "ms"))
    var jitter = 0

    @Option(
        help: ArgumentHelp("Share of datagrams that are overtaken, 0 to 1.", valueName: "share"))
    var reorder = 0.0

    @Option(help: ArgumentHelp("Share of datagrams that arrive twice, 0 to 1.", valueName: "share"))
    var duplicate = 0.0

    @Option(
        help: ArgumentHelp("Share of datagrams with a flipped bit, 0 to 1.", valueName: "share"))
    var corrupt = 0.0

    @Option(help: ArgumentHelp("The most the link carries, headers counted.", valueName: "kbit/s"))
    var cap: Double?

    @Option(
        name: .customLong("link-seed"),
        help: ArgumentHelp("Seed of the link: equal seeds give equal fates.", valueName: "number"))
    var seed: UInt64 = 1

    func validate() throws {
        let shares = [
            ("loss", loss), ("burst-start", burstStart), ("burst-end", burstEnd),
            ("reorder", reorder), ("duplicate", duplicate), ("corrupt", corrupt),
        ]
        for (name, value) in shares where !(0...1).contains(value) {
            throw ValidationError("--\(name) \(value): use 0 to 1")
        }
        for (name, value) in [("delay", delay), ("jitter", jitter)]
        where !(0...60_000).contains(value) {
            throw ValidationError("--\(name) \(value): use 0 to 60000")
        }
        if let cap, !(cap >= 0.1 && cap <= 1_000_000) {
            throw ValidationError("--cap \(cap): use 0.1 to 1000000")
        }
    }

    var conditions: LinkConditions {
        var conditions = LinkConditions()
        conditions.loss = .init(random: loss)
        conditions.loss.burstStart = burstStart
        conditions.loss.burstEnd = burstEnd
        conditions.delay = .milliseconds(delay)
        conditions.jitter = .milliseconds(jitter)
        conditions.reordering = reorder
        conditions.duplication = duplicate
        conditions.corruption = corrupt
        conditions.rate = cap.map { Bitrate(bitsPerSecond: $0 * 1000) }
        return conditions
    }
}
