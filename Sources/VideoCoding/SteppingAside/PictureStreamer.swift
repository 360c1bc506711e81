public import Media

/// Codes the stream of pictures for when warping fails, at the pace that the rate allows.
///
/// Not for several tasks at once.
public final class PictureStreamer {
    private let encoder: any PictureStreamEncoder
    private let stillEncoder: any StillImageEncoder
    private var pace = StreamPace()
    /// The size of the present stream; nothing before it has begun.
    private var size: PictureSize?
    /// Puts a streamer together from its backends, which nobody else may use.
    public init(encoder: any PictureStreamEncoder, stillEncoder: any StillImageEncoder) {
        self.encoder = encoder
        self.stillEncoder = stillEncoder
    }

    /// The next picture of the stream, where it is time for one.
    ///
    /// - Parameters:
    ///   - frame: the camera's picture.
    ///   - time: when it was taken, since the first one.
    ///   - rate: what the call leaves for the stream.
    ///   - unsent: what of the pictures before has still to go.
    public func next(
        _ frame: VideoFrame, number: PictureNumber, time: Duration, rate: Bitrate,
        unsent: DataSize
    ) throws(CodecError) -> StreamPicture? {
        guard let size else { return try begin(frame, number, time, rate) }
        guard pace.isDue(at: time, unsent: unsent), let scaled = frame.scaled(to: size) else {
            return nil
        }
        guard
            let picture = try encoder.encode(
                scaled, number: number, quantizer: pace.quantizer)
        else { return nil }
        if picture.reference == nil {
            // The receiver has lost what it held: the size may suit the rate no more.
            encoder.reset()
            return try begin(frame, number, time, rate)
        }
        pace.take(DataSize(bytes: picture.payload.count), at: time, rate: rate)
        return picture
    }

    /// The picture that was coded last, as the receiver shows it once it has arrived; nothing before the first.
    public func latest(in size: PictureSize) -> VideoFrame? {
        self.size == nil ? nil : encoder.latest?.scaled(to: size)
    }

    /// Begins with the largest and finest picture that goes out soon.
    private func begin(
        _ frame: VideoFrame, _ number: PictureNumber, _ time: Duration, _ rate: Bitrate
    ) throws(CodecError) -> StreamPicture? {
        let largest = StreamPace.firstSize(at: rate).bytes
        var chosen = StreamPace.beginnings.last
        var tooLarge: Set<Int> = []
        for beginning in StreamPace.beginnings where !tooLarge.contains(beginning.side) {
            // Where the coarsest does not fit, none of this size does.
            guard try fits(frame, beginning, largest, tooLarge: &tooLarge) else { continue }
            chosen = beginning
            break
        }
        guard let chosen, let scaled = frame.scaled(to: frame.size.shrunk(to: chosen.side)) else {
            return nil
        }
        guard
            let picture = try encoder.encode(
                scaled, number: number, quantizer: chosen.quantizer)
        else { return nil }
        size = scaled.size
        pace.begin(chosen.quantizer, at: time, rate: rate)
        return picture
    }

    private func fits(
        _ frame: VideoFrame, _ beginning: StreamPace.Beginning, _ largest: Int,
        tooLarge: inout Set<Int>
    ) throws(CodecError) -> Bool {
        let size = frame.size.shrunk(to: beginning.side)
        guard let scaled = frame.scaled(to: size) else { return false }
        let coarsest = StreamPace.beginnings.last?.quantizer ?? 63
        guard try stillEncoder.encode(scaled, quantizer: coarsest).count <= largest else {
            tooLarge.insert(beginning.side)
            return false
        }
        return try stillEncoder.encode(scaled, quantizer: beginning.quantizer).count <= largest
    }

    /// The receiver holds this anchor.
    public func acknowledge(_ anchor: PictureNumber) { encoder.acknowledge(anchor) }

    /// The receiver will not hold this anchor.
    public func lose(_ anchor: PictureNumber) { encoder.lose(anchor) }

    /// Ends the stream; the next one begins with a key picture.
    public func end() {
        encoder.reset()
        size = nil
        pace = StreamPace()
    }
}
