import Media
import VideoCoding

/// What a replay's sender decides by.
struct PolicySettings {
    /// How sources are chosen; the plan of each call names its ``SourcePolicy/Configuration/planQuantizer``.
    var sources = SourcePolicy.Configuration()
    /// When a call is to be warped no more.
    var aside = SteppingAside.Configuration()
    /// The quantiser that stands in the plan's place; below zero, where the plan's is kept.
    var planQuantizer = -1
    /// Pictures between looks.
    var lookInterval = 12

    /// All that a ``PolicyFile`` may name.
    static var tunables: [String: Tunable] {
        sourceTunables.merging(asideTunables) { first, _ in first }
    }

    private static var sourceTunables: [String: Tunable] {
        [
            "largestCount": .count(1...8, \.sources.largestCount),
            "planQuantizer": .count(0...63, \.planQuantizer),
            "quantizers": .quantizers(\.sources.quantizers),
            "triedQuantizers": .quantizers(\.sources.triedQuantizers),
            "usualCoarsest": .count(0...63, \.sources.usualCoarsest),
            "capacity": .count(1...1000, \.sources.capacity),
            "halfLifeSeconds": .duration(\.sources.halfLife),
            "patienceSeconds": .duration(\.sources.patience),
            "leastGain": .number(0...10, \.sources.leastGain),
            "firstGain": .number(0...10, \.sources.firstGain),
            "usualDistance": .number(0...10, \.sources.usualDistance),
            "shapeWeight": .number(0...100, \.sources.shapeWeight),
            "openingWeight": .number(0...100, \.sources.openingWeight),
            "lookInterval": .count(1...100, \.lookInterval),
            "equalSpread": .number(0...100, \.sources.equalSpread),
            "gainHalfLifeSeconds": .duration(\.sources.gainHalfLife),
            "trialLooks": .count(0...100, \.sources.trialLooks),
            "trialPauseSeconds": .duration(\.sources.trialPause),
            "leastTrialGain": .number(0...10, \.sources.leastTrialGain),
            "trustPrior": .number(0.000_001...1e6, \.sources.trustPrior),
            "trustHalfLifeSeconds": .duration(\.sources.trustHalfLife),
            "doubtGain": .number(0...1, \.sources.doubtGain),
            "overlapSeconds": .duration(\.sources.overlap),
            "sceneDistance": .number(0...10, \.sources.sceneDistance),
            "sceneJump": .number(0...10, \.sources.sceneJump),
            "scenePatienceSeconds": .duration(\.sources.scenePatience),
            "coarseSide": .count(16...256, \.sources.coarseSide),
            "unknownLoss": .number(0...10, \.sources.unknownLoss),
        ]
    }

    private static var asideTunables: [String: Tunable] {
        [
            "badDistance": .number(0...10, \.aside.badDistance),
            "suspiciousDistance": .number(0...10, \.aside.suspiciousDistance),
            "alarmDistance": .number(0...10, \.aside.alarmDistance),
            "wrongDistance": .number(0...10, \.aside.wrongDistance),
            "goodDistance": .number(0...10, \.aside.goodDistance),
            "leastStreamGain": .number(0...10, \.aside.leastGain),
            "streamedWeight": .number(0...10, \.aside.streamedWeight),
            "leastSceneRateKilobits": .rate(\.aside.leastSceneRate),
            "lookPatienceSeconds": .duration(\.aside.lookPatience),
            "leastStreamRateKilobits": .rate(\.aside.leastStreamRate),
            "asidePatienceSeconds": .duration(\.aside.patience),
            "sourcePatienceSeconds": .duration(\.aside.sourcePatience),
            "sceneTimeSeconds": .duration(\.aside.sceneTime),
            "dwellSeconds": .duration(\.aside.dwell),
            "unmarkedTimeSeconds": .duration(\.aside.unmarkedTime),
        ]
    }
}
