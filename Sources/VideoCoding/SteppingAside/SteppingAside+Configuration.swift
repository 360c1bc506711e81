public import Media

extension SteppingAside {
    /// What can be tuned; the defaults were found on held-out clips of the training set
    /// (`Examples/Measurements/stepping-aside`).
    public struct Configuration: Hashable, Sendable {
        /// Below this distance (``PictureDistance``) warping is good enough whatever the stream would give.
        public var badDistance = 0.25
        /// From this distance on it is tried what the stream would give.
        public var suspiciousDistance = 0.2
        /// From this distance on one look is enough where the stream is nearer: within another half of a second
        /// a person who leaves, or a camera that turns away, is gone.
        public var alarmDistance = 0.33
        /// From this distance on what is warped is taken for something that is not there.
        public var wrongDistance = 0.4
        /// From this distance down warping comes back at once.
        public var goodDistance = 0.15
        /// The stream must be nearer by so much: it moves less smoothly.
        public var leastGain = 0.06
        /// The distance says too little of what few bits do to a picture: the stream's is taken times this.
        public var streamedWeight = 1.15
        /// From this rate on the stream shows a new scene until its source is there; below, this would come too
        /// late for it.
        public var leastSceneRate = Bitrate(kilobitsPerSecond: 6)
        /// After a cut a look is waited for so long.
        public var lookPatience = Duration.milliseconds(500)
        /// Below this rate there is no stream.
        public var leastStreamRate = Bitrate(kilobitsPerSecond: 2)
        /// For so long looks must agree: two of them.
        public var patience = Duration.milliseconds(400)
        /// The same while a source is on its way that may mend it.
        public var sourcePatience = Duration.milliseconds(900)
        /// A new scene's source is awaited for so long before the stream begins in its stead.
        public var sceneTime = Duration.seconds(2)
        /// What was begun goes on for so long, lest it comes and goes.
        public var dwell = Duration.seconds(1)
        /// A picture stands unmarked for so long while something new is on its way.
        public var unmarkedTime = Duration.seconds(1)

        /// The defaults.
        public init() {}
    }
}
