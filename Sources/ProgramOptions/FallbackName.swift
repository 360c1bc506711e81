public import ArgumentParser
public import VideoCoding

/// What is done where warping fails, as it is named on a command line: `vp8`, `still`, `off`.
public enum FallbackName: String, ExpressibleByArgument, CaseIterable, Sendable {
    case vp8, still, off

    /// What the name stands for.
    public var kind: SteppingAside.Kind {
        switch self {
        case .vp8: .stream
        case .still: .still
        case .off: .off
        }
    }
}
