public import Media
public import NetworkEmulation
public import Security
public import Session

extension SimulatedCall {
    /// What can be chosen.
    public struct Options: Sendable {
        /// The link from sender to receiver, and the one back.
        public var link = LinkConditions()
        /// The seed of both links.
        public var seed: UInt64 = 1
        /// Whether a person watches or a file is written.
        public var playout = Playout.recording
        /// Stop after so many pictures.
        public var largestPictureCount: Int?
        /// Keypoints in each picture.
        public var keypointCount = Keypoints.standardCount
        /// The link back, where it is another one.
        public var linkBack: LinkConditions?
        /// What happens to both links, and when after the first picture.
        public var turns: [LinkTurn] = []
        /// Whether the rate follows what the link carries, as in a real call; otherwise the promised rate is
        /// known to fit, so that measurements of coding do not depend on the link.
        public var adapts = false
        /// What both ends prove themselves with; nothing for a call that nothing protects.
        public var credentials: Credentials?
        /// How the call uses its rate.
        public var plan: CallPlan
        /// The rate at which sources are chosen, where it is not what the call leaves them. The first source
        /// is then coded as the plan says, and none goes ahead of it.
        public var sourceRate: Bitrate?

        /// Pictures between looks at the call, half of them where much changes; a call in real time looks at most
        /// as often.
        public var lookInterval = 12

        /// A perfect link, and a recording.
        public init(plan: CallPlan) { self.plan = plan }
    }
}
