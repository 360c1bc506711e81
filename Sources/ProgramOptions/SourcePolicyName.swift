public import ArgumentParser
public import VideoCoding

/// A way to choose sources, as it is named on a command line: `first`, `interval:3`, `adaptive`.
public struct SourcePolicyName: ExpressibleByArgument, Hashable, Sendable {
    /// What the name stands for.
    public let kind: SourcePolicy.Kind
    /// The name.
    public let name: String

    /// By what is measured.
    public static let adaptive = SourcePolicyName(kind: .adaptive, name: "adaptive")
    /// The first picture alone.
    public static let first = SourcePolicyName(kind: .first, name: "first")

    private init(kind: SourcePolicy.Kind, name: String) {
        self.kind = kind
        self.name = name
    }

    /// Reads a name; nothing for one that means nothing.
    public init?(argument: String) {
        name = argument
        switch argument {
        case "first": kind = .first
        case "adaptive": kind = .adaptive
        default:
            guard argument.hasPrefix("interval:"), let seconds = Double(argument.dropFirst(9)),
                (0.1...3600).contains(seconds)
            else { return nil }
            kind = .interval(.seconds(seconds))
        }
    }

    public var defaultValueDescription: String { name }
}
