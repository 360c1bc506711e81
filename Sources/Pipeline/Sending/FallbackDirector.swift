package import Media
import Session
import VideoCoding

/// Carries out what ``VideoCoding/SteppingAside`` decides: lets pictures stand, codes the stream.
///
/// For each picture: ``see(_:_:rate:)``; where it is not to be warped, ``frames(_:_:rate:unsent:perDatagram:)`` says what goes out in
/// the place of its keypoints. Not for several tasks at once.
package final class FallbackDirector {
    private var aside: SteppingAside
    private let streamer: PictureStreamer
    private let interval: Duration
    private var scenes = SceneChange()
    /// Pictures that stand and were not told yet.
    private var standing: (first: PictureNumber, count: Int)?
    /// The picture with which a scene seemed to begin.
    private var cut: PictureNumber?
    /// Whether a look is wanted at once.
    private(set) var wantsLook = false
    /// Whether the camera's picture has moved so far from the one that was looked at that the next look should
    /// come as soon as the processor bears it.
    var wantsEarlyLook: Bool { aside.isUndecided || scenes.drift ?? 0 >= Self.farDrift }
    /// In levels (``VideoCoding/SceneChange/drift``).
    private static let farDrift = 5.0
    /// From here on, and so many pictures after the look before, a look is wanted at once: over 18 held-out clips a
    /// hundredth of all pictures has moved so far within three.
    private static let leapDrift = 12.0
    private static let leastPause = 3
    private var latestLook: PictureNumber?
    private var isStreamOver = false

    init(_ choice: FallbackChoice, _ rate: PictureRate) {
        aside = choice.aside
        streamer = choice.streamer
        interval = rate.interval
    }

    /// Whether the picture that was seen last is to be warped.
    var isWarping: Bool { aside.means == .keypoints && standing == nil }

    /// Whether the receiver is to show the stream.
    var isStreaming: Bool { aside.means == .stream }

    /// What the receiver shows of the stream, or will when it has arrived; nothing where it shows none.
    func streamed(in size: PictureSize) -> VideoFrame? {
        isStreaming ? streamer.latest(in: size) : nil
    }

    private func time(_ number: PictureNumber) -> Duration { interval * Int(number.rawValue) }

    /// Takes in the camera's next picture.
    ///
    /// - Parameter rate: what the call leaves for the stream.
    func see(_ picture: VideoFrame, _ number: PictureNumber, rate: Bitrate) -> FallbackLine? {
        if let change = aside.wait(at: time(number), rate: rate) {
            _ = scenes.take(picture)
            return FallbackLine(change, number, time(number))
        }
        guard scenes.take(picture), let change = aside.cut(at: time(number)) else {
            let pause = latestLook.map { number.distance(from: $0) } ?? 0
            if pause >= Self.leastPause, scenes.drift ?? 0 >= Self.leapDrift { wantsLook = true }
            return nil
        }
        cut = number
        wantsLook = true
        return FallbackLine(change, number, time(number))
    }

    /// A look at this picture begins.
    func look(at number: PictureNumber) {
        wantsLook = false
        latestLook = number
        scenes.mark()
    }

    /// Takes in what a look told; one at a picture of the scene before tells nothing of this one.
    func take(_ look: AsideLook, of picture: PictureNumber, now: PictureNumber) -> FallbackLine? {
        if let cut, picture < cut { return nil }
        let wasStreaming = isStreaming
        guard let change = aside.take(look) else { return nil }
        if wasStreaming { endStream() }
        var line = FallbackLine(change, now, time(now))
        line.warped = look.warped.map { ($0 * 10_000).rounded() / 10_000 }
        line.streamed = look.streamed.map { ($0 * 10_000).rounded() / 10_000 }
        line.kilobitsPerSecond = (look.rate.kilobitsPerSecond * 1000).rounded() / 1000
        return line
    }

    /// Takes in that the receiver holds what a new scene is warped from.
    func sourceArrived(_ now: PictureNumber) -> FallbackLine? {
        aside.sourceArrived(at: time(now)).map { FallbackLine($0, now, time(now)) }
    }

    private func endStream() {
        streamer.end()
        isStreamOver = true
    }

    /// Whether what has not gone of the stream is to be given up; true once after each stream.
    func takeEndOfStream() -> Bool {
        defer { isStreamOver = false }
        return isStreamOver
    }

    /// What goes out for a picture that is not warped.
    ///
    /// - Parameters:
    ///   - rate: what the call leaves for the stream.
    ///   - unsent: what of the stream has still to go.
    ///   - perDatagram: pictures that share a datagram; they are told of together.
    func frames(
        _ picture: VideoFrame, _ number: PictureNumber, rate: Bitrate, unsent: DataSize,
        perDatagram: Int
    ) throws(CodecError) -> [EncodedFrame] {
        var frames: [EncodedFrame] = []
        let run = standing ?? (number, 0)
        standing = (run.first, number.distance(from: run.first) + 1)
        let isEnd = (number.rawValue + 1).isMultiple(of: UInt32(max(1, perDatagram)))
        if isEnd || number.distance(from: run.first) + 1 >= perDatagram {
            frames += takeStanding(at: number)
        }
        if isStreaming,
            let coded = try streamer.next(
                picture, number: number, time: time(number), rate: rate, unsent: unsent)
        {
            frames.append(.picture(coded))
        }
        return frames
    }

    /// The pictures that stand and were not told yet.
    private func takeStanding(at number: PictureNumber) -> [EncodedFrame] {
        guard let run = standing else { return [] }
        standing = nil
        let held = HeldPictures(
            firstPicture: run.first, pictureCount: min(run.count, HeldPictures.largestPictureCount),
            isMarked: aside.isMarked(at: time(number)))
        return held.map { [.held($0)] } ?? []
    }

    /// Takes in what became of the stream's pictures.
    package func take(_ event: StreamNews) {
        switch event {
        case .held(let anchor): streamer.acknowledge(anchor)
        case .lost(let anchor): streamer.lose(anchor)
        case .forgotten: streamer.end()
        }
    }

    /// What became of the stream's pictures.
    package enum StreamNews {
        case held(PictureNumber), lost(PictureNumber), forgotten
    }
}
