/// Bits a second.
public struct Bitrate: Hashable, Comparable, Sendable {
    /// Bits in one second.
    public let bitsPerSecond: Double

    /// Makes a rate from bits a second.
    public init(bitsPerSecond: Double) { self.bitsPerSecond = bitsPerSecond }

    /// Makes a rate from thousands of bits a second.
    public init(kilobitsPerSecond: Double) { bitsPerSecond = kilobitsPerSecond * 1000 }

    /// The mean rate of `size` over `duration`; zero where the duration is not positive.
    public init(_ size: DataSize, over duration: Duration) {
        let seconds = duration.seconds
        bitsPerSecond = seconds > 0 ? Double(size.bytes * 8) / seconds : 0
    }

    /// Thousands of bits a second.
    public var kilobitsPerSecond: Double { bitsPerSecond / 1000 }

    /// The whole bytes that fit a duration; none where either is not positive, and never more than
    /// 2^40.
    public func size(over duration: Duration) -> DataSize {
        let bytes = bitsPerSecond * duration.seconds / 8
        return DataSize(bytes: bytes > 0 ? Int(min(bytes, 1_099_511_627_776)) : 0)
    }

    /// How long so many bytes take; a century where the rate is not positive.
    public func duration(of size: DataSize) -> Duration {
        let century = 3e9
        guard bitsPerSecond > 0 else { return .seconds(century) }
        return .seconds(min(Double(size.bytes * 8) / bitsPerSecond, century))
    }

    public static func < (a: Bitrate, b: Bitrate) -> Bool { a.bitsPerSecond < b.bitsPerSecond }
}
