extension MediaTime {
    /// The time of the sample with this number; sample 0 is at zero.
    ///
    /// Times are whole microseconds, fewer than a sample lasts: ``sample`` gives the number back.
    public init(sample: Int) {
        self.init(
            microseconds: Int64(sample) * 1_000_000 / Int64(AudioFrame.samplesPerSecond))
    }

    /// The number of the sample nearest to this time; negative before the first picture.
    public var sample: Int {
        let scaled = microseconds * Int64(AudioFrame.samplesPerSecond)
        return Int((scaled + (scaled < 0 ? -500_000 : 500_000)) / 1_000_000)
    }
}
