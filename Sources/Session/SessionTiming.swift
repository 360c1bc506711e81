/// The timers of both ends (`Protocol/packets.md`, section 4.3), each with its reason.
public struct SessionTiming: Hashable, Sendable {
    /// Between hellos until the first answer: a lost one costs a quarter of a second.
    public var helloInterval = Duration.milliseconds(250)
    /// Without feedback for so long, hello again.
    public var helloAfterSilence = Duration.seconds(2)
    /// Something is sent at least so often, so that silence means a broken path.
    public var keepAliveInterval = Duration.seconds(1)
    /// Pictures wait so long for the sound of their time: the last picture's 40 ms, the coder's 6.5 and
    /// what a microphone takes.
    public var pictureCompanyTimeout = Duration.milliseconds(120)
    /// Sound waits so long for its pictures, no longer than a receiver's playout can make up for.
    public var voiceCompanyTimeout = Duration.milliseconds(40)
    /// The receiver acknowledges a datagram after so long at the latest, where its rate allows it.
    public var acknowledgementDelay = Duration.milliseconds(100)
    /// The receiver repeats its acknowledgement at least so often.
    public var feedbackInterval = Duration.seconds(1)
    /// The receiver reports its counters so often.
    public var reportInterval = Duration.seconds(2)
    /// Beside the round trip, the sender waits so long for any acknowledgement.
    public var acknowledgementPatience = Duration.milliseconds(300)
    /// The sender gives up when the receiver has never answered for so long.
    public var connectTimeout = Duration.seconds(10)
    /// Either end gives up when the other one is silent for so long: a tunnel, a change of network.
    public var silenceTimeout = Duration.seconds(30)
    /// Without a word from the receiver for so long, sound and keypoints are sent to nobody any more.
    public var mediaAfterSilence = Duration.seconds(5)
    /// Between hellos from then on: the way back is noticed within half a second and a round trip.
    public var lateHelloInterval = Duration.milliseconds(500)
    /// Goodbyes that are sent without an answer.
    public var goodbyeCount = 5
    /// Between goodbyes.
    public var goodbyeInterval = Duration.milliseconds(200)

    /// The defaults.
    public init() {}
}
