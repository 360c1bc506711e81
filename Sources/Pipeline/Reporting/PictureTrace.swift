import Media
import VideoCoding

/// Writes when each picture was taken or shown, as lines of JSON.
struct PictureTrace {
    private let writer: JSONLinesWriter
    private let clock: SystemClock
    /// Of the picture that was shown last, to tell whether the stream brought a newer one.
    private var latestLuma: [UInt8] = []

    init(_ writer: JSONLinesWriter, _ clock: SystemClock) {
        self.writer = writer
        self.clock = clock
    }

    /// A picture was taken, at an instant of the clock that this was made with.
    func taken(_ number: PictureNumber, at instant: Instant) { write(.taken, number, instant) }

    /// A picture was handed to whoever shows it.
    mutating func shown(_ picture: DecodedPicture, at instant: Instant) {
        let event: PictureLine.Event =
            switch picture.origin {
            case .generated: .keypoints
            case .madeUp: .madeUp
            case .streamed where picture.frame.y != latestLuma: .stream
            case .streamed, .standing, .missing, .undecodable: .held
            }
        latestLuma = picture.frame.y
        write(event, picture.number, instant)
    }

    private func write(
        _ event: PictureLine.Event, _ number: PictureNumber, _ instant: Instant
    ) {
        let clock = (clock.secondsSince1970(at: instant) * 1e6).rounded() / 1e6
        writer.write(
            PictureLine(event: event, picture: Int(number.rawValue), clock: clock))
    }
}
