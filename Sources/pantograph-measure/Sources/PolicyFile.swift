import Foundation
import Pipeline

/// Another configuration of what a sender decides by, as JSON: what it does not name stays as it is.
///
/// Keys are the names of `SourcePolicy.Configuration`'s and of `SteppingAside.Configuration`'s properties, times
/// with `Seconds` and rates with `Kilobits` behind them; where both have one of a name (`leastGain`, `patience`), the
/// second's is `leastStreamGain` and `asidePatienceSeconds`.
struct PolicyFile {
    /// Why a file cannot be used.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case unreadable(path: String, reason: String)
        case unknownKeys(path: String, keys: [String])
        case unusable(path: String, key: String, wanted: String)

        var description: String {
            switch self {
            case .unreadable(let path, let reason): "\(path) is no configuration: \(reason)"
            case .unknownKeys(let path, let keys):
                "\(path) names what cannot be configured: \(keys.joined(separator: ", ")); there are "
                    + PolicySettings.tunables.keys.sorted().joined(separator: ", ")
            case .unusable(let path, let key, let wanted):
                "\(path): \(key) has to be \(wanted)"
            }
        }
    }

    private let path: String
    private let values: [String: Tunable.Value]

    /// Reads a file.
    static func read(_ path: String) throws(Failure) -> PolicyFile {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            let values = try JSONDecoder().decode([String: Tunable.Value].self, from: data)
            return try PolicyFile(path, values)
        } catch let failure as Failure {
            throw failure
        } catch is DecodingError {
            throw .unreadable(
                path: path,
                reason: "it must be one JSON object of names and values, like {\"leastGain\": 0.01}"
            )
        } catch {
            throw .unreadable(path: path, reason: ReportError.reason(error))
        }
    }

    private init(_ path: String, _ values: [String: Tunable.Value]) throws(Failure) {
        let known = PolicySettings.tunables
        let unknown = values.keys.filter { known[$0] == nil }.sorted()
        guard unknown.isEmpty else { throw .unknownKeys(path: path, keys: unknown) }
        self.path = path
        self.values = values
        var settings = PolicySettings()
        try apply(to: &settings)
    }

    /// Changes settings.
    func apply(to settings: inout PolicySettings) throws(Failure) {
        let known = PolicySettings.tunables
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let tunable = known[key], tunable.set(value, &settings) else {
                throw .unusable(
                    path: path, key: key, wanted: known[key]?.wanted ?? "left away")
            }
        }
    }
}
