public import Media

/// What the stream would show, tried beside a call that is warped: by really coding, as if all arrived.
///
/// Not for several tasks at once.
public final class StreamRehearsal {
    private let streamer: PictureStreamer
    private var latest: (time: Duration, frame: VideoFrame)?

    /// What the camera shows changes until a picture has gone: what the first try cannot see.
    private static let usualDelayCost = 0.05
    /// After such a pause it begins anew.
    private static let largestPause = Duration.seconds(1.2)

    /// Rehearses with a streamer of its own: nobody else may use it.
    public init(_ streamer: PictureStreamer) { self.streamer = streamer }

    /// How far from the camera's picture the stream would be: between what is coded now and what was coded at the
    /// look before, half a second ago, since what the receiver shows is some 0.3 s old.
    ///
    /// - Parameters:
    ///   - scale: measures from the camera's picture.
    ///   - rate: what the call leaves for the stream.
    public func distance(
        _ frame: VideoFrame, number: PictureNumber, time: Duration, scale: PictureDistance,
        rate: Bitrate
    ) throws(CodecError) -> Double? {
        if let latest, time - latest.time > Self.largestPause { end() }
        let shown = latest?.frame
        let picture = try streamer.next(
            frame, number: number, time: time, rate: rate, unsent: .zero)
        if let picture, picture.isAnchor { streamer.acknowledge(picture.number) }
        guard let coded = streamer.latest(in: frame.size) else { return nil }
        latest = (time, coded)
        let own = scale.distance(to: coded)
        return shown.map { (own + scale.distance(to: $0)) / 2 } ?? own + Self.usualDelayCost
    }

    /// Forgets what was tried.
    public func end() {
        streamer.end()
        latest = nil
    }
}
