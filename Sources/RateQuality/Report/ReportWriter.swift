import Foundation
import Pipeline

/// Makes everything that can be made of the rows in a folder.
package struct ReportWriter {
    package static let problemsName = "problems.jsonl"

    private let folder: String
    private let ffmpeg: FFmpegProgram?

    /// Begins with a folder of rows.
    package init(folder: String, ffmpeg: FFmpegProgram?) {
        self.folder = folder
        self.ffmpeg = ffmpeg
    }

    /// Why there is no report.
    package enum Failure: Error, CustomStringConvertible {
        case noRows(String)

        package var description: String {
            switch self {
            case .noRows(let folder):
                "\(folder) holds no rows: nothing could be measured, the reasons are above"
            }
        }
    }

    /// Writes `bd-rate.json`, `rate-quality.csv`, plots, `report.html` and `table.md`.
    ///
    /// - Returns: what could not be made.
    /// - Throws: where there are no rows, or files cannot be written.
    package func write(_ description: RunDescription, problems: [Problem]) throws -> [Problem] {
        let unique = Dictionary(
            RowStore.read(RateQualityRow.self, "\(folder)/\(RowStore.rowsName)").map {
                ($0.key, $0)
            }
        ) { $1 }
        let curves = PooledCurves(Array(unique.values))
        let rows = curves.names.flatMap { name in
            unique.values.filter { $0.codec == name }
                .sorted { ($0.clip, $0.order) < ($1.clip, $1.order) }
        }
        guard !rows.isEmpty else { throw Failure.noRows(folder) }
        let comparison = Comparison(curves)
        try RunDescription.write(comparison.entries, to: "\(folder)/bd-rate.json")
        try store(CSVTable(rows: rows).text, "rate-quality.csv")
        try store(problems.map(Self.line).joined(), Self.problemsName)
        var failed = [Problem]()
        let plots = RateQualityPlots(curves).all
        do {
            try draw(plots)
        } catch {
            failed.append(Problem(reason: "no PNG plots: \(error)"))
        }
        let tables = ReportTables(curves: curves, comparison: comparison, rows: rows)
        try store(tables.markdown, "table.md")
        let page = ReportPage(
            description: description, problems: problems + failed, tables: tables, plots: plots,
            sheets: Sheet.all(in: "\(folder)/\(SideBySide.folderName)"))
        try store(page.html, "report.html")
        return failed
    }

    /// SVG files, and the same as PNG where ffmpeg can draw them.
    private func draw(_ plots: [(name: String, svg: String)]) throws {
        let plotFolder = "\(folder)/plots"
        try FileManager.default.createDirectory(
            atPath: plotFolder, withIntermediateDirectories: true)
        for (name, svg) in plots { try store(svg, "plots/\(name).svg") }
        guard let ffmpeg else { throw Missing() }
        for (name, _) in plots { try ffmpeg.drawPNG(of: name, in: plotFolder) }
    }

    private struct Missing: Error, CustomStringConvertible {
        let description = "there is no ffmpeg"
    }

    private func store(_ text: String, _ name: String) throws {
        do {
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
        } catch {
            throw ReportError.cannotWrite(
                path: "\(folder)/\(name)", reason: ReportError.reason(error))
        }
    }

    private static func line(_ problem: Problem) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(problem)).map { String(decoding: $0, as: UTF8.self) + "\n" }
            ?? ""
    }
}
