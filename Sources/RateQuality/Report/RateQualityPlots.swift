/// The plots of a report: for each measure and each way to count bits, the curves of all codecs.
package struct RateQualityPlots {
    private let curves: PooledCurves

    package init(_ curves: PooledCurves) { self.curves = curves }

    /// The plots with the names of their files.
    package var all: [(name: String, svg: String)] {
        var all = [(name: String, svg: String)]()
        for measure in Measure.allCases {
            for kind in RateKind.allCases {
                if let plot = plot(measure, kind, curves.names.filter { !isApart($0) }) {
                    all.append(("\(measure.rawValue)-\(kind.rawValue)", plot.svg))
                }
            }
        }
        if curves.names.contains(where: isApart) {
            for kind in RateKind.allCases {
                if let plot = plot(.lpips, kind, curves.names) {
                    all.append(("lpips-\(kind.rawValue)-slow", plot.svg))
                }
            }
        }
        if let bits = OwnBits(curves).plot { all.append(("bits", bits.svg)) }
        return all
    }

    /// Whether a slow codec was measured on some of the clips only: in a plot with the others, which has the clips
    /// that all have, it would take the rest away.
    private func isApart(_ codec: String) -> Bool {
        guard CodecNames.isSlow(codec) else { return false }
        return curves.names.contains {
            !CodecNames.isSlow($0) && curves.clipCount($0) > curves.clipCount(codec)
        }
    }

    private func plot(_ measure: Measure, _ kind: RateKind, _ names: [String]) -> Plot? {
        // The same clips for all: those that every codec has.
        let having = names.filter { !curves.clips($0, measure).isEmpty }
        guard let first = having.first else { return nil }
        let common = having.dropFirst().reduce(curves.clips(first, measure)) {
            let both = $0.intersection(curves.clips($1, measure))
            return both.isEmpty ? $0 : both
        }.sorted()
        let series = having.compactMap { codec -> Plot.Series? in
            let clips = curves.clips(codec, measure).intersection(common).sorted()
            guard !clips.isEmpty else { return nil }
            let points = curves.table(codec, measure, kind, clips: clips)
                .means(Array(clips.indices))
            return Plot.Series(
                name: CodecNames.title(codec), points: points.sorted { $0.rate < $1.rate },
                colour: CodecNames.colour(codec), isDashed: CodecNames.isSlow(codec),
                isMain: codec == OwnCodec.name)
        }
        guard !series.isEmpty else { return nil }
        let direction = measure.higherIsBetter ? "higher is better" : "lower is better"
        return Plot(
            title: "\(measure.title), \(kind.title), "
                + "\(common.count) \(common.count == 1 ? "clip" : "clips")",
            xTitle: "kbit/s \(kind.title), whole clips, first picture and sources included",
            yTitle: "\(measure.title) (\(direction))", series: series)
    }
}

/// What codecs are called, and their colours.
enum CodecNames {
    static func title(_ name: String) -> String {
        name == OwnCodec.name
            ? OwnCodec.title
            : ClassicalCodec.all.first { $0.name == name }?.title ?? name
    }

    static func isSlow(_ name: String) -> Bool {
        ClassicalCodec.all.first { $0.name == name }?.use == .slow
    }

    /// A codec has one colour, fast or slow.
    static func colour(_ name: String) -> Int {
        if name == OwnCodec.name { return 0 }
        let fast = ClassicalCodec.all.filter { $0.use == .realTime }.map(\.name)
        let family = fast.firstIndex { name == $0 || name == $0 + "-slow" }
        return family.map { $0 + 1 } ?? Plot.palette.count - 1
    }
}
