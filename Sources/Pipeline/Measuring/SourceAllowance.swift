import Media

/// A rate that is left to sources whatever the link carries, so that codecs can be compared by bits alone: what
/// was sent of them drains from it as if it had to share a link.
struct SourceAllowance {
    /// The rate.
    let rate: Bitrate
    private var backlog = 0.0
    private var latest = Duration.zero

    init(_ rate: Bitrate) { self.rate = rate }

    /// What is still on its way at a time that does not go back.
    mutating func underWay(at time: Duration) -> DataSize {
        backlog = max(0, backlog - rate.bitsPerSecond / 8 * (time - latest).seconds)
        latest = time
        return DataSize(bytes: Int(backlog))
    }

    /// Takes in a source that was sent.
    mutating func spend(_ size: DataSize) { backlog += Double(size.bytes) }
}
