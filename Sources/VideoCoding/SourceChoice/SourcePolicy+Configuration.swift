extension SourcePolicy {
    /// What can be tuned; the defaults were found on held-out clips of the training set
    /// (`Examples/Measurements/source-policy`).
    public struct Configuration: Hashable, Sendable {
        /// The most sources in use. A picture is rebuilt from the nearest of them, in the same time however many
        /// there are.
        public var largestCount = 8
        /// The quantiser that the call's plan names, for sources at equal intervals.
        public var planQuantizer = 33
        /// AV1's quantisers to choose from, the finest first.
        public var quantizers = [20, 25, 30, 34, 38, 42, 46, 50]
        /// Those of them that are tried at the beginning of a scene: each takes an encoder's time.
        public var triedQuantizers = [20, 34, 50]
        /// Poses are added as finely as this, or as the plan says: what is coarser only begins a call or a scene.
        public var usualCoarsest = 34
        /// The coarser one of both.
        public var coarsestAddition: Int { max(usualCoarsest, planQuantizer) }
        /// So many looks are remembered.
        public var capacity = 40
        /// After so long a look counts half.
        public var halfLife = Duration.seconds(15)
        /// What a source costs beside the time of its bytes: where these take less, its quality counts
        /// rather than its size.
        public var patience = Duration.seconds(1)
        /// The mean distance must fall by so much of what it is, while nothing is on its way for long.
        public var leastGain = 0.004
        /// The same right after another source.
        public var firstGain = 0.06
        /// What the mean distance is taken to be at least.
        public var usualDistance = 0.1
        /// What counts, beside how far keypoints are apart, of how far they are apart about their mean.
        public var shapeWeight = 2.0
        /// What counts of how much further mouth and eyes are open, 0…1.
        public var openingWeight = 1.0
        /// Poses that are no further apart count as one: the mean over keypoints of the root of their
        /// distance in pixels of 256, and the two shares above, on that scale.
        public var equalSpread = 1.0
        /// After so long without a source half of that will do.
        public var gainHalfLife = Duration.milliseconds(1500)
        /// At so many looks it is tried what a new source brings.
        public var trialLooks = 3
        /// Pictures that were taken within so long of it are no measure of it.
        public var trialPause = Duration.seconds(1)
        /// Pictures that were to gain less are none, either.
        public var leastTrialGain = 0.01
        /// See ``SourceTrust``.
        public var trustPrior = 0.05
        public var trustHalfLife = Duration.seconds(10)
        /// Where sources bring nothing of what is expected, the mean distance must fall by so much more.
        public var doubtGain = 0.02
        /// The next source is ordered while at most so long of the one before is on its way.
        public var overlap = Duration.milliseconds(250)
        /// From this distance on, and after such a jump since the look before, the camera shows something
        /// else: a cut to another clip gave 0.5 and more, a quick turn of a head jumps of up to 0.18.
        public var sceneDistance = 0.4
        public var sceneJump = 0.2
        /// The first source of a new scene is as fine as goes out in so long; else it is a coarse one.
        public var scenePatience = Duration.seconds(1)
        /// The longer side of a coarse source, in pixels.
        public var coarseSide = 160
        /// What coding is taken to cost a source whose original is not known.
        public var unknownLoss = 0.1

        /// The defaults.
        public init() {}
    }
}
