public import Media
public import VideoCoding

/// Codes a stream of VP8 pictures (RFC 6386), each predicted from the newest one that the receiver is known to
/// hold, with libvpx.
///
/// Two of VP8's buffers take turns: one keeps the anchor that the receiver holds, the other one takes the next
/// anchor, which counts once it is acknowledged. Chosen rather than temporal layers, whose base layer still
/// breaks at each loss, and rather than key frames on request, which cost a second of the whole rate at 12 kbit/s.
///
/// Not for several tasks at once.
public final class VP8StreamEncoder: PictureStreamEncoder {
    /// The anchor that the receiver holds, or is to hold, and where it is kept.
    private typealias Anchor = (number: PictureNumber, buffer: StreamEncoderContext.Buffer)

    private var context: StreamEncoderContext?
    private var held: Anchor?
    private var flying: Anchor?
    private var decoder = VP8StreamDecoder()
    public private(set) var latest: VideoFrame?

    /// Makes an encoder; nothing is allocated before the first picture.
    public init() {}

    public func encode(
        _ frame: VideoFrame, number: PictureNumber, quantizer: Int
    ) throws(CodecError) -> StreamPicture? {
        guard (0...63).contains(quantizer) else {
            throw .backend("quantizer \(quantizer) is not between 0 and 63")
        }
        // A key frame in flight is all that there is to predict from.
        if held == nil, flying != nil, context?.size == frame.size { return nil }
        do {
            guard let context, let held, context.size == frame.size,
                (1...StreamPicture.largestDistance).contains(number.distance(from: held.number))
            else { return try begin(frame, number, quantizer) }
            let isAnchor = flying == nil
            let bytes = try context.encode(
                frame, quantizer: quantizer, from: held.buffer, isKept: isAnchor)
            if isAnchor { flying = (number, held.buffer.other) }
            return try finish(
                bytes, number, isAnchor ? .anchor(from: held.number) : .leaf(from: held.number))
        } catch {
            reset()
            throw error
        }
    }

    /// Codes a key picture in a new context.
    private func begin(
        _ frame: VideoFrame, _ number: PictureNumber, _ quantizer: Int
    ) throws(CodecError) -> StreamPicture? {
        reset()
        let context = try StreamEncoderContext(size: frame.size)
        let bytes = try context.encodeKey(frame, quantizer: quantizer)
        self.context = context
        flying = (number, .golden)
        return try finish(bytes, number, .key)
    }

    private func finish(
        _ bytes: [UInt8], _ number: PictureNumber, _ kind: StreamPicture.Kind
    ) throws(CodecError) -> StreamPicture? {
        guard let picture = StreamPicture(number: number, kind: kind, payload: bytes) else {
            throw .backend("\(bytes.count) bytes are too many for a picture")
        }
        guard let size = context?.size else { return nil }
        latest = try decoder.decode(picture, largest: size)
        return picture
    }

    public func acknowledge(_ anchor: PictureNumber) {
        guard let flying, flying.number == anchor else { return }
        held = flying
        self.flying = nil
    }

    public func lose(_ anchor: PictureNumber) {
        guard let flying, flying.number == anchor else { return }
        self.flying = nil
        if held == nil { reset() }
    }

    public func reset() {
        context = nil
        held = nil
        flying = nil
    }
}
