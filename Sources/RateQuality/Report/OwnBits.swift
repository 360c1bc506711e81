/// Where this codec's bits go at each of its settings: means over clips, kbit/s on the wire.
struct OwnBits {
    struct Line {
        let setting: String
        /// All of it.
        let rate: Double
        /// In the order of ``OwnBits/parts``.
        let rates: [Double]
        /// Share of the pictures that were held.
        let held: Double
    }

    /// What bits are for, that which carries pictures first.
    let parts: [String]
    let lines: [Line]

    private static let order = ["sources", "keypoints", "protocol", "handshake"]

    init(_ curves: PooledCurves) {
        let settings = curves.settings(OwnCodec.name)
        let found = Set(settings.flatMap { $0.rows.flatMap { ($0.parts ?? [:]).keys } })
        let parts =
            Self.order.filter(found.contains)
            + found.filter { !Self.order.contains($0) }.sorted()
        self.parts = parts
        func mean(_ values: [Double]) -> Double {
            values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
        }
        lines = settings.map { setting, rows in
            Line(
                setting: setting, rate: mean(rows.map(\.wireRate)),
                rates: parts.map { part in
                    mean(rows.map { Double($0.parts?[part] ?? 0) * 8 / 1000 / $0.seconds })
                },
                held: mean(rows.map { Double($0.heldPictures ?? 0) / Double($0.pictures) }))
        }
    }

    /// The same as a plot; nothing where parts are not known.
    var plot: StackedBars? {
        guard !parts.isEmpty, !lines.isEmpty else { return nil }
        return StackedBars(
            title: "Where this codec's bits go", xTitle: "kbit/s on the wire, means over clips",
            parts: parts, bars: lines.map { .init(name: $0.setting, values: $0.rates) })
    }
}
