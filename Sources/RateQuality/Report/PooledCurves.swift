/// Rows of many clips, from which curves over any set of clips are made quickly.
package struct PooledCurves: Sendable {
    /// One codec's rows: for each setting, those of each clip.
    private struct Codec: Sendable {
        var settings: [(name: String, rows: [String: RateQualityRow])]
    }

    private let codecs: [String: Codec]
    /// Names of codecs, in the order they are told about.
    package let names: [String]

    package init(_ rows: [RateQualityRow]) {
        var codecs = [String: Codec]()
        for (name, rows) in Dictionary(grouping: rows, by: \.codec) {
            // By rate rather than by their order when they were measured: lists of settings grow.
            let settings = Dictionary(grouping: rows, by: \.setting)
                .sorted { (Self.rate($0.value), $0.key) < (Self.rate($1.value), $1.key) }
            codecs[name] = Codec(
                settings: settings.map { name, rows in
                    (name, Dictionary(rows.map { ($0.clip, $0) }) { $1 })
                })
        }
        self.codecs = codecs
        let known = [OwnCodec.name] + ClassicalCodec.all.map(\.name)
        names =
            known.filter { codecs[$0] != nil }
            + codecs.keys.filter { !known.contains($0) }.sorted()
    }

    private static func rate(_ rows: [RateQualityRow]) -> Double {
        rows.reduce(0) { $0 + $1.payloadRate } / Double(max(1, rows.count))
    }

    /// How many clips a codec was measured on.
    func clipCount(_ codec: String) -> Int {
        Set((codecs[codec]?.settings ?? []).flatMap { $0.rows.keys }).count
    }

    /// Clips for which a codec has every setting, with this measure.
    func clips(_ codec: String, _ measure: Measure) -> Set<String> {
        let settings = codecs[codec]?.settings ?? []
        guard let first = settings.first else { return [] }
        return settings.dropFirst().reduce(Self.measured(first.rows, measure)) {
            $0.intersection(Self.measured($1.rows, measure))
        }
    }

    private static func measured(_ rows: [String: RateQualityRow], _ measure: Measure)
        -> Set<String>
    {
        Set(rows.filter { $0.value.mean(measure) != nil }.keys)
    }

    /// Rates and qualities of each setting on each of some clips, for means over any of them.
    package struct Table: Sendable {
        let measure: Measure
        /// For each setting, for each clip.
        let points: [[RateQualityCurve.Point]]

        /// The means over clips, which may be named several times.
        package func means(_ clips: [Int]) -> [RateQualityCurve.Point] {
            points.map { row in
                var rate = 0.0
                var quality = 0.0
                for clip in clips {
                    rate += row[clip].rate
                    quality += row[clip].quality
                }
                let count = Double(clips.count)
                return RateQualityCurve.Point(rate: rate / count, quality: quality / count)
            }
        }

        /// The curve through the means.
        func curve(_ clips: [Int]) -> RateQualityCurve? {
            RateQualityCurve(means(clips), higherIsBetter: measure.higherIsBetter)
        }
    }

    /// A codec's table over clips that all have it.
    func table(
        _ codec: String, _ measure: Measure, _ kind: RateKind, clips: [String]
    ) -> Table {
        let points = (codecs[codec]?.settings ?? []).map { setting in
            clips.compactMap { clip in
                setting.rows[clip].flatMap { row in
                    row.mean(measure).map {
                        RateQualityCurve.Point(rate: kind.rate(row), quality: $0)
                    }
                }
            }
        }
        return Table(measure: measure, points: points.filter { $0.count == clips.count })
    }

    /// The settings of a codec with the rows of each clip.
    package func settings(_ codec: String) -> [(name: String, rows: [RateQualityRow])] {
        (codecs[codec]?.settings ?? []).map { ($0.name, Array($0.rows.values)) }
    }
}
