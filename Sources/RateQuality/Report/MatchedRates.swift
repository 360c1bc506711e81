/// What each codec needs to be as good as this one is, at each of its settings.
package struct MatchedRates: Sendable {
    package struct Line: Sendable {
        /// This codec's setting, its mean rate and quality.
        package let setting: String
        package let rate, quality: Double
        /// For each other codec, in the order of ``codecs``.
        package let needed: [RateForQuality?]
    }

    package let codecs: [String]
    package let lines: [Line]

    package init(_ curves: PooledCurves, measure: Measure, kind: RateKind) {
        let codecs = curves.names.filter { $0 != OwnCodec.name }
        self.codecs = codecs
        let settings = curves.settings(OwnCodec.name)
        let all = curves.clips(OwnCodec.name, measure).sorted()
        guard !all.isEmpty else {
            lines = []
            return
        }
        let points = curves.table(OwnCodec.name, measure, kind, clips: all)
            .means(Array(all.indices))
        guard points.count == settings.count else {
            lines = []
            return
        }
        lines = zip(settings, points).enumerated().map { index, pair in
            let (setting, point) = pair
            let needed = codecs.map { codec -> RateForQuality? in
                let clips = curves.clips(codec, measure).intersection(all).sorted()
                guard !clips.isEmpty else { return nil }
                // The same clips for both.
                let mine = curves.table(OwnCodec.name, measure, kind, clips: clips)
                    .means(Array(clips.indices))[index]
                return curves.table(codec, measure, kind, clips: clips)
                    .curve(Array(clips.indices))?.rate(for: mine.quality)
            }
            return Line(
                setting: setting.name, rate: point.rate, quality: point.quality, needed: needed)
        }
    }
}
