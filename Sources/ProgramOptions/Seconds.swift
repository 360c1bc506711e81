public import ArgumentParser

/// A time in seconds on a command line, more than nothing and at most a year.
public struct Seconds: ExpressibleByArgument, Sendable {
    /// The time.
    public let duration: Duration
    private let text: String

    /// Makes a time of whole seconds.
    public init(_ seconds: Int) {
        duration = .seconds(seconds)
        text = "\(seconds)"
    }

    public init?(argument: String) {
        guard let seconds = Double(argument), seconds > 0, seconds <= 31_536_000 else { return nil }
        duration = .seconds(seconds)
        text = argument
    }

    public var defaultValueDescription: String { text }
}
