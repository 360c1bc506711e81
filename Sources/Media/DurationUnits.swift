extension Duration {
    /// This duration in whole nanoseconds, towards zero.
    public var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// This duration in whole microseconds, towards zero.
    public var wholeMicroseconds: Int64 { wholeNanoseconds / 1000 }

    /// This duration in milliseconds.
    public var milliseconds: Double { Double(wholeNanoseconds) / 1e6 }

    /// This duration in seconds.
    public var seconds: Double { Double(wholeNanoseconds) / 1e9 }
}
