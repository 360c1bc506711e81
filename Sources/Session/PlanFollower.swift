public import Media

/// Chooses the plan that suits what the link carries: at once where it is less, slowly where it is more.
///
/// Plans lie on a ladder of rates, the promised one at its top, so that small changes change nothing. A call
/// that has sound keeps it: pictures are left out before.
public struct PlanFollower: Sendable {
    /// The plan in use.
    public private(set) var plan: CallPlan
    /// The plans to choose from, the richest first.
    private let ladder: [CallPlan]
    /// The richest one that fits.
    private var fitting: Int
    private var current: Int
    /// Since when a richer plan fits.
    private var fittingSince: Instant?

    /// From rung to rung the rate falls by an eighth.
    private static let rung = 0.875
    /// A richer plan must fit for so long.
    private static let patience = Duration.seconds(2)

    /// Starts with the richest plan at or below `start`.
    ///
    /// - Parameter promised: the plan of the promised rate.
    public init(_ promised: CallPlan, start: Bitrate) {
        var ladder = [promised]
        var rate = promised.rate.bitsPerSecond * Self.rung
        while let plan = promised.changed(to: Bitrate(bitsPerSecond: rate)),
            promised.voiceBitrate == nil || plan.voiceBitrate != nil
        {
            ladder.append(plan)
            rate *= Self.rung
        }
        let least = CallPlan.leastTarget
        if let plan = promised.changed(to: least), plan.voiceBitrate != nil,
            ladder[ladder.count - 1].rate > least
        {
            ladder.append(plan)
        }
        self.ladder = ladder
        current = Self.rung(of: start, in: ladder)
        fitting = current
        plan = ladder[current]
    }

    /// Takes in what the link carries.
    public mutating func take(_ target: Bitrate, at now: Instant) {
        fitting = Self.rung(of: target, in: ladder)
        fittingSince = fitting < current ? fittingSince ?? now : nil
    }

    /// The new plan, where there is one and a datagram of any plan may begin with this picture.
    public mutating func next(for picture: PictureNumber, at now: Instant) -> CallPlan? {
        guard fitting != current, isBoundary(picture) else { return nil }
        if let fittingSince, now.since(fittingSince) < Self.patience { return nil }
        current = fitting
        plan = ladder[current]
        fittingSince = nil
        return plan
    }

    /// Datagrams of 1, 2, 3 and 6 pictures all begin here, and so does their sound.
    private func isBoundary(_ picture: PictureNumber) -> Bool {
        picture.rawValue.isMultiple(of: 6)
    }

    private static func rung(of rate: Bitrate, in ladder: [CallPlan]) -> Int {
        ladder.firstIndex { $0.rate <= rate } ?? ladder.count - 1
    }
}
