import Foundation

/// Means over calls of each rate and policy.
struct SourceTable: CustomStringConvertible {
    let rows: [SourceRow]

    var description: String {
        var lines = ["rate    policy          LPIPS  (p95)    PSNR  (p5)    wire  sources  orders"]
        for rate in Set(rows.map(\.rate)).sorted() {
            var names: [String] = []
            for row in rows where !names.contains(row.policy) { names.append(row.policy) }
            for name in names {
                let own = rows.filter { $0.rate == rate && $0.policy == name }
                guard !own.isEmpty else { continue }
                let figures: [Double] = [
                    mean(own) { mean($0.lpips) }, mean(own) { part($0.lpips, 0.95) },
                    mean(own) { mean($0.psnr) }, mean(own) { part($0.psnr, 0.05) },
                    mean(own, \.wire), mean(own, \.sourceRate), mean(own) { Double($0.orders) },
                ]
                let texts = zip(figures, [4, 4, 2, 2, 2, 2, 1]).map {
                    String(format: "%.\($1)f", $0)
                }
                let padded = name.padding(toLength: 14, withPad: " ", startingAt: 0)
                lines.append(
                    "\(String(format: "%6.1f", rate))  \(padded)  \(texts[0]) (\(texts[1]))"
                        + "  \(texts[2]) (\(texts[3]))  \(texts[4])  \(texts[5])  \(texts[6])")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func mean(_ rows: [SourceRow], _ value: (SourceRow) -> Double) -> Double {
        mean(rows.map(value))
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    /// The value that a share of all lies below.
    private func part(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        guard !sorted.isEmpty else { return .nan }
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }
}
