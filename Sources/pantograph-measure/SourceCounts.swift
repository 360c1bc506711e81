import ArgumentParser

/// Numbers of sources as they are given on a command line: `1,2,3,5`.
struct SourceCounts: ExpressibleByArgument, Hashable {
    let counts: [Int]

    init(_ counts: [Int]) { self.counts = counts }

    init?(argument: String) {
        let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
        let counts = parts.compactMap { Int($0) }
        guard counts.count == parts.count, counts.allSatisfy({ (1...8).contains($0) }),
            Set(counts).count == counts.count
        else { return nil }
        self.counts = counts
    }

    var defaultValueDescription: String { counts.map(String.init).joined(separator: ",") }
}
