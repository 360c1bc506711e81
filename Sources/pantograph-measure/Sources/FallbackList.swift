import ArgumentParser
import ProgramOptions

/// What is done where warping fails, several ways with commas between.
struct FallbackList: ExpressibleByArgument {
    let names: [FallbackName]

    init?(argument: String) {
        let parts = argument.split(separator: ",")
        names = parts.compactMap { FallbackName(argument: String($0)) }
        guard !names.isEmpty, names.count == parts.count else { return nil }
    }

    init(_ names: [FallbackName]) { self.names = names }

    var defaultValueDescription: String { names.map(\.rawValue).joined(separator: ",") }
}
