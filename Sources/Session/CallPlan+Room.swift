public import Media

extension CallPlan {
    /// What voice, keypoints and headers are expected to leave of the rate.
    public var roomForSources: Bitrate {
        let costs = PlanCosts(
            rate: rate, pictureRate: pictureRate, headers: .ipv4AndUDPHeaders,
            isPromise: true)
        let others = costs.bitsPerSecond(
            pictures: picturesPerDatagram, stride: pictureStride, voice: voiceBitrate,
            step: keypointStep)
        return Bitrate(bitsPerSecond: max(0, rate.bitsPerSecond - others))
    }
}
