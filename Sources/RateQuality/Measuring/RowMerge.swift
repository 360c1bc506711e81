import Foundation
import Pipeline

/// Puts together what shards of a run have measured.
package struct RowMerge {
    /// Why shards cannot be put together.
    package enum Failure: Error, CustomStringConvertible {
        case noRun(String)
        case conflict(String, String, String)

        package var description: String {
            switch self {
            case .noRun(let folder):
                "\(folder) holds no run (no \(RunDescription.name)): name folders that "
                    + "rate-quality has written"
            case .conflict(let first, let second, let what):
                "\(first) and \(second) were not measured alike (\(what)): they cannot be merged"
            }
        }
    }

    /// Copies the rows of folders into another one, each once.
    ///
    /// - Returns: the run that they make together, and the problems that the shards had.
    package static func merge(
        _ folders: [String], into out: String
    ) throws -> (RunDescription, [Problem]) {
        var runs = [RunDescription]()
        for folder in folders {
            guard let run = RunDescription.read(folder) else { throw Failure.noRun(folder) }
            if let first = runs.first, let what = first.conditions.conflict(with: run.conditions) {
                throw Failure.conflict(folders[0], folder, what)
            }
            runs.append(run)
        }
        guard var merged = runs.first else { throw Failure.noRun(out) }
        let store = try RowStore(folder: out)
        var problems = [Problem]()
        for folder in folders {
            let pictures = Dictionary(
                RowStore.read(PictureRow.self, "\(folder)/\(RowStore.picturesName)").map {
                    ($0.key, $0)
                }
            ) { $1 }
            for row in RowStore.read(RateQualityRow.self, "\(folder)/\(RowStore.rowsName)")
            where !store.contains(row.key) {
                if let values = pictures[row.key] { try store.add(row, values) }
            }
            problems += RowStore.read(Problem.self, "\(folder)/\(ReportWriter.problemsName)")
        }
        merged.clipCount = Set(store.rows.values.map(\.clip)).count
        for run in runs {
            merged.conditions.options.merge(run.conditions.options) { old, _ in old }
        }
        merged.leftOut = Array(Set(runs.flatMap(\.leftOut))).sorted()
        merged.command = runs.map(\.command).joined(separator: "\n")
        return (try merged.write(out), problems)
    }
}
