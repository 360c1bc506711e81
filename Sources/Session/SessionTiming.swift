/// The timers of both ends (`Protocol/packets.md`, section 4.3), each with its reason.
public struct SessionTiming: Hashable, Sendable {
    /// Between hellos until the first answer: a lost one costs a quarter of a second.
    public var helloInterval = Duration.milliseconds(250)
    /// Without feedback for so long, hello again: the receiver may have been started anew.
    public var helloAfterSilence = Duration.seconds(2)
    /// Between two fragments: some 450 kbit/s at most, so that a source does not flood a slow link.
    public var fragmentInterval = Duration.milliseconds(20)
    /// The first wait for a fragment's acknowledgement; it doubles with each repetition.
    public var fragmentTimeout = Duration.milliseconds(500)
    /// The longest such wait.
    public var largestFragmentTimeout = Duration.seconds(4)
    /// Something is sent at least so often, so that silence means a broken path.
    public var keepAliveInterval = Duration.seconds(1)
    /// Pictures wait so long for the sound of their time: the last picture's 40 ms, the coder's 6.5 and
    /// what a microphone takes.
    public var pictureCompanyTimeout = Duration.milliseconds(120)
    /// Sound waits so long for its pictures, no longer than a receiver's playout can make up for.
    public var voiceCompanyTimeout = Duration.milliseconds(40)
    /// The receiver reports at least so often.
    public var feedbackInterval = Duration.seconds(1)
    /// The receiver reports progress of a source at most so often.
    public var sourceFeedbackInterval = Duration.milliseconds(50)
    /// The sender gives up when the receiver has never answered for so long.
    public var connectTimeout = Duration.seconds(10)
    /// Either end gives up when the other one is silent for so long.
    public var silenceTimeout = Duration.seconds(10)
    /// How long a sender that is done goes on sending a source that has not arrived.
    public var closingTimeout = Duration.seconds(5)
    /// Goodbyes that are sent without an answer.
    public var goodbyeCount = 5
    /// Between goodbyes.
    public var goodbyeInterval = Duration.milliseconds(200)

    /// The defaults.
    public init() {}
}
