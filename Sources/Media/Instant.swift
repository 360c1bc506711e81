/// A local, monotonic point in time; only differences mean anything.
///
/// The core never reads a clock: instants come in as arguments, from the edges or from a test's virtual clock.
public struct Instant: Hashable, Comparable, Sendable {
    /// Nanoseconds since an origin that the clock chose.
    public let nanoseconds: Int64

    /// The clock's origin.
    public static let zero = Instant(nanoseconds: 0)

    /// Makes an instant from nanoseconds since the clock's origin.
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }

    /// The instant that lies `duration` after this one.
    public func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds + duration.wholeNanoseconds)
    }

    /// How long it is from `earlier` to this instant; negative where `earlier` is later.
    public func since(_ earlier: Instant) -> Duration {
        .nanoseconds(nanoseconds - earlier.nanoseconds)
    }
}
