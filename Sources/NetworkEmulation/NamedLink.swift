import Media

/// A way between two ends as it is met with, both directions of it, and what happens to it.
public struct NamedLink: Hashable, Sendable {
    /// What it is called on a command line.
    public let name: String
    /// A shorter name for it that is understood, too.
    public let alias: String?
    /// What it stands for.
    public let meaning: String
    /// From sender to receiver.
    public var there = LinkConditions()
    /// From receiver to sender.
    public var back = LinkConditions()
    /// What happens to it.
    public var turns: [LinkTurn] = []

    private init(
        _ name: String, alias: String? = nil, _ meaning: String,
        _ make: (inout NamedLink) -> Void
    ) {
        self.name = name
        self.alias = alias
        self.meaning = meaning
        make(&self)
    }

    /// Both directions of `kilobits` a second, each with half of the round trip, and random loss.
    private mutating func set(
        kilobits: Double? = nil, roundTrip: Int = 0, jitter: Int = 0, loss: Double = 0
    ) {
        there.rate = kilobits.map { Bitrate(kilobitsPerSecond: $0) }
        there.delay = .milliseconds(roundTrip / 2)
        there.jitter = .milliseconds(jitter)
        there.loss = .init(random: loss)
        back = there
    }

    /// The same share of loss in bursts of three datagrams on average.
    private mutating func burst(loss share: Double) {
        var loss = LinkConditions.Loss()
        loss.burstEnd = 1.0 / 3
        loss.burstStart = share * loss.burstEnd / (1 - share)
        there.loss = loss
        back.loss = loss
    }

    /// A rate that is cut by dropping what is too much rather than by making it wait: a quarter of a
    /// second at most is held back.
    private mutating func throttle(kilobits: Double) {
        set(kilobits: kilobits, roundTrip: 60, jitter: 10)
        there.queue = DataSize(bytes: Int(kilobits * 1000 / 8 / 4))
        back.queue = there.queue
    }

    /// All links, in the order of the measurements' table.
    public static let all: [NamedLink] = [
        NamedLink("perfect", "no delay, no loss, any rate") { _ in },
        NamedLink("dial-up", "40 kbit/s, 185 ms, 2 % loss") {
            $0.set(kilobits: 40, roundTrip: 185, loss: 0.02)
        },
        NamedLink(
            "gprs-up", alias: "gprs",
            "GPRS's 20 kbit/s up, 50 down for what comes back, 500 ms, 2 % loss; also as gprs"
        ) {
            $0.set(kilobits: 20, roundTrip: 500, jitter: 30, loss: 0.02)
            $0.back.rate = Bitrate(kilobitsPerSecond: 50)
        },
        NamedLink(
            "gprs-down", "GPRS's 50 kbit/s down, 20 up for what comes back, 500 ms, 2 % loss"
        ) {
            $0.set(kilobits: 50, roundTrip: 500, jitter: 30, loss: 0.02)
            $0.back.rate = Bitrate(kilobitsPerSecond: 20)
        },
        NamedLink("bgan-16", "satellite, 16 kbit/s, 600 ms, 3 % loss in bursts") {
            $0.set(kilobits: 16, roundTrip: 600)
            $0.burst(loss: 0.03)
        },
        NamedLink("bgan-32", "satellite, 32 kbit/s, 600 ms, 3 % loss in bursts") {
            $0.set(kilobits: 32, roundTrip: 600)
            $0.burst(loss: 0.03)
        },
        NamedLink("edge", "300 kbit/s, 250 ms, 1.5 % loss") {
            $0.set(kilobits: 300, roundTrip: 250, jitter: 20, loss: 0.015)
        },
        NamedLink("cellular", "50 ms, 2 % loss in bursts, any rate") {
            $0.set(roundTrip: 50, jitter: 15)
            $0.burst(loss: 0.02)
        },
        NamedLink("congested", "80 ms and up to 40 more or less, 10 % loss") {
            $0.set(roundTrip: 80, jitter: 80, loss: 0.1)
        },
        NamedLink("throttle-32", "a carrier's throttle at 32 kbit/s") { $0.throttle(kilobits: 32) },
        NamedLink("throttle-64", "a carrier's throttle at 64 kbit/s") { $0.throttle(kilobits: 64) },
        NamedLink("narrow-8", "8 kbit/s, 200 ms") { $0.set(kilobits: 8, roundTrip: 200) },
        NamedLink("narrow-12", "12.2 kbit/s, 200 ms") { $0.set(kilobits: 12.2, roundTrip: 200) },
        NamedLink("random-10", "10 % random loss, 60 ms") { $0.set(roundTrip: 60, loss: 0.1) },
        NamedLink("disorder", "60 ms, each tenth datagram overtaken, each tenth doubled") {
            $0.set(roundTrip: 60, jitter: 20)
            $0.there.reordering = 0.1
            $0.there.reorderingDelay = .milliseconds(150)
            $0.there.duplication = 0.1
            $0.back = $0.there
        },
        NamedLink("outage", "60 ms, nothing passes for two seconds from the 10th on") {
            $0.set(roundTrip: 60)
            var dead = $0.there
            dead.loss = .init(random: 1)
            $0.turns = [
                LinkTurn(after: .seconds(10), .conditions(dead, back: dead)),
                LinkTurn(after: .seconds(12), .conditions($0.there, back: $0.back)),
            ]
        },
        NamedLink("address-change", "60 ms, the sender has another address after 10 s") {
            $0.set(roundTrip: 60)
            guard let address = NetworkAddress(bytes: [192, 0, 2, 7], port: 7007) else { return }
            $0.turns = [LinkTurn(after: .seconds(10), .address(address))]
        },
    ]

    /// The link of this name or alias.
    public init?(named name: String) {
        guard let link = Self.all.first(where: { $0.name == name || $0.alias == name })
        else { return nil }
        self = link
    }
}
