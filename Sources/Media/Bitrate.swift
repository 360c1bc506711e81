/// Bits a second.
public struct Bitrate: Hashable, Comparable, Sendable {
    /// Bits in one second.
    public let bitsPerSecond: Double

    /// Makes a rate from bits a second.
    public init(bitsPerSecond: Double) { self.bitsPerSecond = bitsPerSecond }

    /// The mean rate of `size` over `duration`; zero where the duration is not positive.
    public init(_ size: DataSize, over duration: Duration) {
        let seconds = duration.seconds
        bitsPerSecond = seconds > 0 ? Double(size.bytes * 8) / seconds : 0
    }

    /// Thousands of bits a second.
    public var kilobitsPerSecond: Double { bitsPerSecond / 1000 }

    public static func < (a: Bitrate, b: Bitrate) -> Bool { a.bitsPerSecond < b.bitsPerSecond }
}
