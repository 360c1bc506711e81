public import Media

/// Decides when a call is to be warped no more, and what is shown in its stead: a pure value, driven by numbers.
///
/// Drive it so: ``cut(at:)`` where ``SceneChange`` sees one, ``sourceArrived(at:)`` when the receiver holds what
/// a new scene is warped from, and ``take(_:)`` looks, some two a second. Each returns the change, where there
/// is one, with its reason.
public struct SteppingAside: Sendable {
    /// What may be done where warping fails.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// Nothing: pictures are always warped.
        case off
        /// The last right picture stands.
        case still
        /// A stream of VP8 pictures, or a still where the rate allows none.
        case stream
    }

    /// What is shown.
    public enum Means: Hashable, Sendable {
        /// Pictures are warped.
        case keypoints
        /// The last picture stands until it is known what the camera shows now.
        case waiting
        /// Pictures of the stream.
        case stream
        /// The newest picture stands, marked.
        case still
    }

    /// Why it changes.
    public enum Reason: Hashable, Sendable {
        /// The camera shows something else all at once.
        case cut
        /// The same: the stream shows it until the receiver has what it is warped from.
        case newScene
        /// It does not, after all.
        case sameScene
        /// The receiver has what the new scene is warped from.
        case newSource
        /// What would be shown is far from what the camera sees, and the stream would be nearer.
        case warpingFails
        /// The same, and the rate allows no stream that is nearer.
        case noRoom
        /// Warping is as good as the stream again.
        case warpingWorks
    }

    /// A change of means.
    public struct Change: Hashable, Sendable {
        /// From what to what.
        public let from, to: Means
        /// Why.
        public let reason: Reason
    }

    /// What may be done.
    public let kind: Kind
    /// What can be tuned.
    public let configuration: Configuration
    /// What is shown at present.
    public private(set) var means = Means.keypoints
    private var since = Duration.zero
    /// Whether a source of a new scene is on its way.
    private var isSourceAwaited = false
    /// Since when the looks have spoken for another means.
    private var wishSince: Duration?
    private var latestLook = Duration.zero

    /// Starts with warped pictures.
    public init(_ kind: Kind, _ configuration: Configuration = Configuration()) {
        self.kind = kind
        self.configuration = configuration
    }

    /// Whether it is waited for another look before it is known what to show.
    public var isUndecided: Bool {
        wishSince != nil || means == .waiting && !isSourceAwaited
    }

    /// Whether the viewer is to see that the picture stands still.
    public func isMarked(at time: Duration) -> Bool {
        switch means {
        case .still: true
        case .waiting: time - since >= configuration.unmarkedTime
        case .keypoints, .stream: false
        }
    }

    /// Takes in that the camera shows something else: nobody is to see the old scene move like the new one.
    public mutating func cut(at time: Duration) -> Change? {
        guard kind != .off, means == .keypoints || means == .still else { return nil }
        return change(to: .waiting, .cut, at: time)
    }

    /// Takes in that another picture came and nothing is known yet: where looks take long, the stream shows what
    /// seems to be another scene.
    ///
    /// - Parameter rate: what the call leaves for the stream.
    public mutating func wait(at time: Duration, rate: Bitrate) -> Change? {
        guard kind == .stream, means == .waiting, !isSourceAwaited,
            time - since >= configuration.lookPatience, rate >= configuration.leastSceneRate
        else { return nil }
        return change(to: .stream, .newScene, at: time)
    }

    /// Takes in that the receiver holds the source of the new scene. What the stream shows meanwhile is good
    /// enough for looks to see first what is warped from it.
    public mutating func sourceArrived(at time: Duration) -> Change? {
        guard isSourceAwaited else { return nil }
        isSourceAwaited = false
        guard means == .waiting else { return nil }
        return change(to: .keypoints, .newSource, at: time)
    }

    /// Takes in a look.
    public mutating func take(_ look: AsideLook) -> Change? {
        guard kind != .off, look.time >= latestLook else { return nil }
        latestLook = look.time
        if look.isNewScene {
            isSourceAwaited = true
            if kind == .stream, means != .stream, look.rate >= configuration.leastSceneRate {
                return change(to: .stream, .newScene, at: look.time)
            }
            if means == .keypoints { return change(to: .waiting, .cut, at: look.time) }
        }
        guard let warped = look.warped else { return nil }
        switch means {
        case .keypoints: return leave(look, warped)
        case .waiting: return resolve(look, warped)
        case .stream, .still: return comeBack(look, warped)
        }
    }

    /// What is better than warping, where it is bad; nothing where warping is good enough.
    ///
    /// - Parameter gain: by what the stream must be nearer.
    private func better(
        _ look: AsideLook, than warped: Double, by gain: Double
    ) -> (Means, Reason)? {
        if kind == .stream, let streamed = look.streamed,
            look.rate >= configuration.leastStreamRate,
            warped >= configuration.badDistance,
            warped - configuration.streamedWeight * streamed >= gain
        {
            return (.stream, .warpingFails)
        }
        guard warped >= configuration.wrongDistance else { return nil }
        return isRoomy(look) ? (.stream, .warpingFails) : (.still, .noRoom)
    }

    /// Whether the stream may begin unseen: where nothing that is held is like what the camera sees, its first few bits
    /// may seem as far from it, and the next ones are nearer. An old picture that stands never is.
    private func isRoomy(_ look: AsideLook) -> Bool {
        kind == .stream && look.rate >= configuration.leastSceneRate
    }

    private mutating func leave(_ look: AsideLook, _ warped: Double) -> Change? {
        guard let (means, reason) = better(look, than: warped, by: configuration.leastGain) else {
            wishSince = nil
            return nil
        }
        // Nobody is to see what is not there: it stands until the next look, or the stream begins at once.
        if warped >= (means == .stream ? configuration.alarmDistance : configuration.wrongDistance)
        {
            return change(
                to: means == .still ? .waiting : means, .warpingFails, at: look.time)
        }
        let begin = wishSince ?? look.time
        wishSince = begin
        // A source that is on its way may mend it, a second look may see that it is past.
        let patience =
            look.isSourceUnderWay ? configuration.sourcePatience : configuration.patience
        guard look.time - begin >= patience else { return nil }
        return change(to: means, reason, at: look.time)
    }

    private mutating func resolve(_ look: AsideLook, _ warped: Double) -> Change? {
        if isSourceAwaited {
            guard look.time - since >= configuration.sceneTime,
                let (means, reason) = better(look, than: warped, by: configuration.leastGain),
                means == .stream
            else { return nil }
            return change(to: means, reason, at: look.time)
        }
        // What was taken for something that is not there must be nearer than that before it is shown: a stream that
        // is as far is at least of what the camera sees.
        let isAlarming = warped >= configuration.alarmDistance
        let gain = isAlarming ? 0 : configuration.leastGain
        if let (means, reason) = better(look, than: warped, by: gain) {
            return change(to: means, reason, at: look.time)
        }
        guard isAlarming else { return change(to: .keypoints, .sameScene, at: look.time) }
        return isRoomy(look)
            ? change(to: .stream, .warpingFails, at: look.time)
            : change(to: .still, .noRoom, at: look.time)
    }

    private mutating func comeBack(_ look: AsideLook, _ warped: Double) -> Change? {
        if means == .still,
            let (other, reason) = better(look, than: warped, by: configuration.leastGain),
            other == .stream
        {
            return change(to: other, reason, at: look.time)
        }
        guard look.time - since >= configuration.dwell else { return nil }
        if warped <= configuration.goodDistance {
            return change(to: .keypoints, .warpingWorks, at: look.time)
        }
        // Where the stream is as bad, it is at least of what the camera sees.
        let isNoWorse =
            look.streamed.map {
                warped - configuration.streamedWeight * $0 <= configuration.leastGain / 2
            } ?? false
        let isGood = warped < configuration.alarmDistance && (means == .still || isNoWorse)
        guard isGood else {
            wishSince = nil
            return nil
        }
        let begin = wishSince ?? look.time
        wishSince = begin
        guard look.time - begin >= configuration.patience else { return nil }
        return change(to: .keypoints, .warpingWorks, at: look.time)
    }

    private mutating func change(to new: Means, _ reason: Reason, at time: Duration) -> Change {
        defer {
            means = new
            since = time
            wishSince = nil
        }
        return Change(from: means, to: new, reason: reason)
    }
}
