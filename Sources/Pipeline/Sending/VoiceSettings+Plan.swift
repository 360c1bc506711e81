import OpusCodec
import Session

extension VoiceSettings {
    /// Frames that fill the datagrams of a plan, at its voice's rate.
    ///
    /// - Parameter expectedLoss: the share of datagrams that the sound prepares for losing, percent.
    init(_ plan: CallPlan, expectedLoss: Int) {
        self.init(
            bitrate: plan.voiceBitrate ?? Self.bitrates.lowerBound,
            frameDuration: .init(filling: plan.ticksPerDatagram))
        self.expectedLoss = expectedLoss
    }
}
