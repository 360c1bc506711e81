import Foundation

/// Where this codec's errors are: LPIPS at each of its settings by kind of clip and by clip.
struct ErrorTables {
    let curves: PooledCurves

    /// LPIPS of each clip at each setting.
    private struct Clip {
        let name: String
        let kind: String
        let values: [Double?]
        /// By which clips are ordered: the mean over settings.
        var badness: Double {
            let known = values.compactMap(\.self)
            return known.reduce(0, +) / Double(max(1, known.count))
        }
    }

    private var settings: [(name: String, rows: [RateQualityRow])] {
        curves.settings(OwnCodec.name)
    }

    private var clips: [Clip] {
        let settings = settings
        let names = Set(settings.flatMap { $0.rows.map(\.clip) })
        return names.map { name in
            let rows = settings.map { $0.rows.first { $0.clip == name } }
            return Clip(
                name: name, kind: rows.compactMap { $0?.kind }.first ?? "not known",
                values: rows.map { $0?.mean(.lpips) })
        }.sorted { ($0.badness, $1.name) > ($1.badness, $0.name) }
    }

    /// The tables; none without LPIPS.
    var all: [Table] {
        let clips = clips
        guard clips.contains(where: { !$0.values.compactMap(\.self).isEmpty }) else { return [] }
        return [byKind(clips), byClip(clips)]
    }

    private func byKind(_ clips: [Clip]) -> Table {
        let kinds = Dictionary(grouping: clips, by: \.kind).sorted {
            mean($0.value.map(\.badness)) > mean($1.value.map(\.badness))
        }
        let lines = kinds + (kinds.count > 1 ? [(key: "all", value: clips)] : [])
        return Table(
            title: "Where the errors are, by kind of clip",
            note:
                "LPIPS at each setting of this codec, means over the clips of a kind, worst kind first. What "
                + "the head does is told by the landmarks of the original, and so is whether a background "
                + "stands still behind it: where none does, the camera moves, or the head fills the picture.",
            columns: ["kind", "clips"] + settings.map(\.name),
            rows: lines.map { kind, clips in
                let means = settings.indices.map { place in
                    number(clips.compactMap { $0.values[place] })
                }
                return [kind, "\(clips.count)"] + means
            })
    }

    private func byClip(_ clips: [Clip]) -> Table {
        Table(
            title: "Where the errors are, by clip",
            note: "LPIPS of each clip at each setting of this codec, worst clip first.",
            columns: ["clip", "kind"] + settings.map(\.name),
            rows: clips.map { clip in
                [clip.name, clip.kind] + clip.values.map { number([$0].compactMap(\.self)) }
            })
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private func number(_ values: [Double]) -> String {
        values.isEmpty ? "–" : String(format: "%.3f", mean(values))
    }
}
