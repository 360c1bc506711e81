import ArgumentParser
import ProgramOptions

/// Policies with commas between.
struct PolicyList: ExpressibleByArgument {
    let policies: [SourcePolicyName]

    init?(argument: String) {
        let parts = argument.split(separator: ",")
        policies = parts.compactMap { SourcePolicyName(argument: String($0)) }
        guard !policies.isEmpty, policies.count == parts.count else { return nil }
    }

    init(_ policies: [SourcePolicyName]) { self.policies = policies }

    var defaultValueDescription: String { policies.map(\.name).joined(separator: ",") }
}
