import Foundation

/// One line of the table of times.
struct SpeedRow: Codable {
    var part: String
    var threads: Int
    var precision: String
    /// Milliseconds by the clock.
    var median, percentile95: Double
    /// Milliseconds of all processors together, median.
    var processor: Double
    /// The median in units of a VP8 key frame's decode.
    var vp8Decodes: Double
    /// For a peer: its processor time in units of this network's, with one source.
    var generators: Double?

    init(
        part: String, threads: Int, precision: String, times: SpeedBench.Times,
        vp8: SpeedBench.Times, generator: SpeedBench.Times?
    ) {
        self.part = part
        self.threads = threads
        self.precision = precision
        median = SpeedBench.quantile(times.elapsed, 0.5)
        percentile95 = SpeedBench.quantile(times.elapsed, 0.95)
        let processor = SpeedBench.quantile(times.processor, 0.5)
        self.processor = processor
        vp8Decodes = median / SpeedBench.quantile(vp8.elapsed, 0.5)
        generators = generator.map { processor / SpeedBench.quantile($0.processor, 0.5) }
    }

    /// What the columns of ``line`` are.
    static let header = columns([
        "part", "threads", "precision", "median ms", "p95 ms", "cpu ms", "VP8 decodes",
    ])

    /// The figures as a line of text.
    var line: String {
        let figures = Self.columns([
            part, "\(threads)", precision, String(format: "%.2f", median),
            String(format: "%.2f", percentile95), String(format: "%.2f", processor),
            String(format: "%.1f", vp8Decodes),
        ])
        guard let generators else { return figures }
        return figures + String(format: "  = %.1f of our pictures", generators)
    }

    private static func columns(_ cells: [String]) -> String {
        let widths = [24, 8, 10, 10, 10, 10, 11]
        return zip(cells, widths).enumerated().map { index, pair in
            let padding = String(repeating: " ", count: max(0, pair.1 - pair.0.count))
            return index == 0 ? pair.0 + padding : padding + pair.0
        }.joined(separator: " ")
    }
}
