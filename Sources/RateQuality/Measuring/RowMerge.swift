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

    /// Copies the rows of folders into another one, each once, and their pictures side by side.
    ///
    /// - Parameter withPictures: whether pictures of the clips are copied.
    /// - Returns: the run that they make together, and the problems that the shards had.
    package static func merge(
        _ folders: [String], into out: String, withPictures: Bool = true
    ) throws -> (RunDescription, [Problem]) {
        var runs = [RunDescription]()
        for folder in folders {
            guard let run = RunDescription.read(folder) else { throw Failure.noRun(folder) }
            // With each: what the first lacks, two others may have measured differently.
            for (other, earlier) in zip(folders, runs) {
                if let what = earlier.conditions.conflict(with: run.conditions) {
                    throw Failure.conflict(other, folder, what)
                }
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
            if withPictures { try copyPictures(from: folder, to: out) }
        }
        merged.clipCount = Set(store.rows.values.map(\.clip)).count
        merged.conditions = runs.dropFirst().reduce(merged.conditions) {
            $0.merged(with: $1.conditions)
        }
        merged.encoders = runs.dropFirst().reduce(merged.encoders) {
            RunDescription.all($0, $1.encoders)
        }
        merged.machine.processor = Self.each(runs.map(\.machine.processor))
        merged.leftOut = Array(Set(runs.flatMap(\.leftOut))).sorted()
        merged.command = runs.map(\.command).joined(separator: "\n")
        return (try merged.write(out), problems)
    }

    /// The different ones, in order.
    private static func each(_ words: [String]) -> String {
        words.enumerated().filter { !words.prefix($0.offset).contains($0.element) }
            .map(\.element).joined(separator: "; ")
    }

    /// Copies sheets and videos; of a clip that several folders have, the first.
    private static func copyPictures(from folder: String, to out: String) throws {
        let files = FileManager.default
        let (from, to) = ("\(folder)/\(SideBySide.folderName)", "\(out)/\(SideBySide.folderName)")
        guard let names = try? files.contentsOfDirectory(atPath: from), !names.isEmpty else {
            return
        }
        do {
            try files.createDirectory(atPath: to, withIntermediateDirectories: true)
            for name in names.sorted() where !files.fileExists(atPath: "\(to)/\(name)") {
                try files.copyItem(atPath: "\(from)/\(name)", toPath: "\(to)/\(name)")
            }
        } catch {
            throw ReportError.cannotWrite(path: to, reason: ReportError.reason(error))
        }
    }
}
