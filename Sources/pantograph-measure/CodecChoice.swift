import ArgumentParser
import RateQuality

/// Which codecs are measured: names with commas between, `pantograph`, `real-time`, `slow` or `all`.
struct CodecChoice: ExpressibleByArgument, Hashable, Sendable {
    let codecs: [ClassicalCodec]
    /// Whether this project's codec is among them.
    let includesOwn: Bool

    /// All there are.
    init() {
        codecs = ClassicalCodec.all
        includesOwn = true
    }

    init?(argument: String) {
        var chosen = [ClassicalCodec]()
        var includesOwn = false
        for word in argument.split(separator: ",").map(String.init) {
            let found =
                switch word {
                case "all": ClassicalCodec.all
                case OwnCodec.name: [ClassicalCodec]()
                default:
                    ClassicalCodec.all.filter { $0.name == word || $0.use.rawValue == word }
                }
            if word == "all" || word == OwnCodec.name { includesOwn = true }
            guard !found.isEmpty || word == OwnCodec.name else { return nil }
            chosen += found.filter { !chosen.contains($0) }
        }
        guard !chosen.isEmpty || includesOwn else { return nil }
        codecs = chosen
        self.includesOwn = includesOwn
    }

    /// What may be named.
    static let names =
        (["all", OwnCodec.name, "real-time", "slow"] + ClassicalCodec.all.map(\.name))
        .joined(separator: ", ")

    /// What `--help` says where nothing is named.
    var defaultValueDescription: String {
        self == CodecChoice() ? "all" : names.sorted().joined(separator: ",")
    }

    /// The names of all that were chosen.
    var names: Set<String> {
        Set(codecs.map(\.name) + (includesOwn ? [OwnCodec.name] : []))
    }
}
