import Foundation
import Pipeline

/// The rows of all clips as a Markdown table: a line for each number of sources.
///
/// In each cell: mean over all pictures (the value that 95 of 100 pictures reach; mean over clips).
struct RebuildTable: CustomStringConvertible {
    let rows: [RebuildRow]
    let counts: [Int]

    var description: String {
        let measures = RebuildRow.Measure.all.filter { measure in
            rows.contains { $0.figures.contains { measure.value($0) != nil } }
        }
        var lines = [
            "| sources | " + measures.map(\.title).joined(separator: " | ") + " |",
            "| --- |" + measures.map { _ in " --- |" }.joined(),
        ]
        for sources in [RebuildRow.Sources.copied] + counts.map({ .count($0) }) {
            let cells = measures.map { cell($0, rows.filter { $0.sources == sources }) }
            lines.append("| \(name(sources)) | " + cells.joined(separator: " | ") + " |")
        }
        return lines.joined(separator: "\n")
    }

    private func name(_ sources: RebuildRow.Sources) -> String {
        switch sources {
        case .copied: "copy"
        case .count(let count): "\(count)"
        }
    }

    private func cell(_ measure: RebuildRow.Measure, _ rows: [RebuildRow]) -> String {
        let clips = rows.map { $0.figures.compactMap(measure.value) }
        let pictures = clips.flatMap { $0 }
        guard let all = mean(pictures), let overClips = mean(clips.compactMap(mean)) else {
            return "-"
        }
        let sorted = measure.higherIsBetter ? pictures.sorted(by: >) : pictures.sorted()
        let reached = sorted[min(sorted.count - 1, Int(0.95 * Double(sorted.count)))]
        let text = { String(format: "%.\(measure.digits)f", $0 as Double) }
        return "\(text(all)) (\(text(reached)); \(text(overClips)))"
    }
}
