/// Everything that is measured on each clip.
package struct Plan: Sendable {
    /// Each so-many-th picture is measured.
    package var every: Int
    package var own: OwnCodec?
    /// With the quantisers of each.
    package var codecs: [(codec: ClassicalCodec, quantizers: [Int])]
    package var weights: MeasureTools.Weights
    package var measuresVMAF: Bool
    /// Whether pictures are laid side by side for people to look at.
    package var wantsPictures: Bool

    package init(
        every: Int, own: OwnCodec?, codecs: [(codec: ClassicalCodec, quantizers: [Int])],
        weights: MeasureTools.Weights, measuresVMAF: Bool, wantsPictures: Bool
    ) {
        self.every = every
        self.own = own
        self.codecs = codecs
        self.weights = weights
        self.measuresVMAF = measuresVMAF
        self.wantsPictures = wantsPictures
    }

    /// The same without slow codecs.
    package var withoutSlow: Plan {
        var plan = self
        plan.codecs.removeAll { $0.codec.use == .slow }
        return plan
    }

    /// How many rows a clip gives.
    package var rowsPerClip: Int {
        (own?.settings.count ?? 0) + codecs.reduce(0) { $0 + $1.quantizers.count }
    }

    /// The rows of a clip that are to be there in the end.
    package func keys(_ clip: String) -> [RateQualityRow.Key] {
        let ours = (own?.settings ?? []).map {
            RateQualityRow.Key(clip: clip, codec: OwnCodec.name, setting: $0.name)
        }
        return ours
            + codecs.flatMap { codec, quantizers in
                quantizers.map {
                    RateQualityRow.Key(clip: clip, codec: codec.name, setting: "\($0)")
                }
            }
    }
}
