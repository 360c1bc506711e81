import Foundation

/// The tables of a report.
struct ReportTables {
    let curves: PooledCurves
    let comparison: Comparison
    let rows: [RateQualityRow]

    var markdown: String { all.map(\.markdown).joined(separator: "\n") }

    var all: [Table] {
        ([
            differences(.payload), differences(.wire), matched(.payload), matched(.wire), curve,
            cost, parts,
        ] + ErrorTables(curves: curves).all + [hardest, impossible]).filter { !$0.rows.isEmpty }
    }

    private var measures: [Measure] {
        Measure.allCases.filter { measure in
            comparison.entries.contains { $0.metric == measure.rawValue }
        }
    }

    private func differences(_ kind: RateKind) -> Table {
        let codecs = curves.names.filter { $0 != OwnCodec.name }
        let rows = codecs.compactMap { codec -> [String]? in
            let cells = measures.map { measure -> String in
                let entry = comparison.entries.first {
                    $0.codec == codec && $0.metric == measure.rawValue && $0.rate == kind.rawValue
                }
                guard let entry else { return "–" }
                let ends = entry.interval.map { number($0, measure.digits - 1) }
                    .joined(separator: "…")
                let draws = (entry.draws ?? 1) * 100
                let spread =
                    if let low = entry.low, let high = entry.high {
                        String(format: "%+.0f…%+.0f", low, high)
                            + (draws < 99.5 ? String(format: ", %.0f %% of draws", draws) : "")
                    } else {
                        "?"
                    }
                return String(format: "%+.0f %% (%@) over %@", entry.percent, spread, ends)
            }
            let clips = comparison.entries.filter { $0.codec == codec }.map(\.clips).max()
            return cells.contains { $0 != "–" }
                ? [CodecNames.title(codec), clips.map { "\($0)" } ?? "–"] + cells : nil
        }
        return Table(
            title: "BD-rate, \(kind.title)",
            note: "How much more (+) or less (−) this codec takes than each other one at equal "
                + "quality, on average over the qualities that both reach, which are named; in "
                + "brackets the interval of 95 % of a bootstrap over clips, “?” where there is no "
                + "telling: one clip only, or in most sets of clips that were drawn the two reach no "
                + "quality in common. Where some draws have none, the share of those that have stands "
                + "beside the interval, which is of these. PCHIP over the means of all clips.",
            columns: ["against", "clips"] + measures.map(\.title), rows: rows)
    }

    private func matched(_ kind: RateKind) -> Table {
        let table = MatchedRates(curves, measure: .lpips, kind: kind)
        let shown = table.codecs.indices
        return Table(
            title: "What the others need for the same LPIPS, \(kind.title)",
            note: "kbit/s, means over clips, at each setting of this codec. “< x”: already the "
                + "coarsest setting, at x, is better; “> x”: the finest, at x, is worse.",
            columns: ["setting", "LPIPS", "kbit/s"]
                + shown.map {
                    CodecNames.title(table.codecs[$0])
                },
            rows: table.lines.map { line in
                [line.setting, number(line.quality, 4), number(line.rate, 1)]
                    + line.needed.map { needed in
                        switch needed {
                        case .at(let rate): number(rate, 1)
                        case .below(let rate): "< " + number(rate, 1)
                        case .above(let rate): "> " + number(rate, 1)
                        case nil: "–"
                        }
                    }
            })
    }

    private var curve: Table {
        let measures = Measure.allCases.filter { measure in
            rows.contains { $0.mean(measure) != nil }
        }
        let lines = curves.names.flatMap { codec in
            curves.settings(codec).map { setting, rows -> [String] in
                var cells = [CodecNames.title(codec), setting, "\(rows.count)"]
                cells.append(number(mean(rows.map(\.payloadRate)), 1))
                cells.append(number(mean(rows.map(\.wireRate)), 1))
                return cells + measures.map { spread(rows, $0) }
            }
        }
        return Table(
            title: "The points of the curves",
            note: "Means over clips of the kbit/s and of each clip's mean / median / 95th "
                + "percentile (the bad end).",
            columns: ["codec", "setting", "clips", "payload", "on the wire"]
                + measures.map(\.title),
            rows: lines)
    }

    /// Mean, median and 95th percentile of a measure, each the mean over clips; of a share the mean alone.
    private func spread(_ rows: [RateQualityRow], _ measure: Measure) -> String {
        let spreads = rows.compactMap { $0.quality[measure.rawValue] }
        guard !spreads.isEmpty else { return "–" }
        let digits = measure.digits - (measure.digits > 3 ? 1 : 0)
        var values = [mean(spreads.map(\.mean))]
        if measure != .missingFace {
            values += [mean(spreads.map(\.median)), mean(spreads.map(\.percentile95))]
        }
        return values.map { number($0, digits) }.joined(separator: " / ")
    }

    private var cost: Table {
        let lines = CostTable(curves).lines
        let hasEnergy = lines.contains { $0.encodeJoules != nil }
        return Table(
            title: "Cost",
            note: "Milliseconds of all processors for each picture, one thread, start of the "
                + "program taken off; the share of one processor at 25 pictures a second; the ratio "
                + "to this codec in the same run; the most memory a process held. This codec runs "
                + "both ends in one process, whose memory stands in both columns."
                + energyNote(hasEnergy),
            columns: [
                "codec", "encode, ms", "share", "× this codec", "decode, ms", "share",
                "× this codec", "encode, MiB", "decode, MiB",
            ] + (hasEnergy ? ["encode, J", "decode, J"] : []),
            rows: lines.map { line in
                [
                    CodecNames.title(line.codec), number(line.encode, 2),
                    percent(line.encodeShare), line.encodeRatio.map { number($0, 2) } ?? "–",
                    number(line.decode, 2), percent(line.decodeShare),
                    line.decodeRatio.map { number($0, 2) } ?? "–",
                    number(line.encodeMebibytes, 0), number(line.decodeMebibytes, 0),
                ]
                    + (hasEnergy
                        ? [line.encodeJoules, line.decodeJoules].map {
                            $0.map { number($0, 4) } ?? "–"
                        } : [])
            })
    }

    private func energyNote(_ isThere: Bool) -> String {
        isThere
            ? " Joules for each picture, of the whole machine, start taken off; this codec's are "
                + "split by processor time."
            : " Energy: this machine does not tell (no RAPL counters), or several clips ran at once."
    }

    private var parts: Table {
        let bits = OwnBits(curves)
        return Table(
            title: "Where the bits go",
            note:
                "This codec, kbit/s on the wire by what they are for, means over clips; protocol: "
                + "headers of frames and packets, seals, repeats, acknowledgements.",
            columns: ["setting", "all"] + bits.parts + ["pictures held, share"],
            rows: bits.parts.isEmpty
                ? []
                : bits.lines.map { line in
                    [line.setting, number(line.rate, 2)] + line.rates.map { number($0, 2) }
                        + [percent(line.held)]
                })
    }

    /// At the setting in the middle, the clips where this codec is worst.
    private var hardest: Table {
        let settings = curves.settings(OwnCodec.name)
        guard !settings.isEmpty else { return Table(title: "", note: "", columns: [], rows: []) }
        let middle = settings[settings.count / 2]
        let others = ["av1-svt", "h265", "h266"].filter(curves.names.contains)
        let rows = middle.rows.sorted {
            ($0.mean(.lpips) ?? 0, $1.clip) > ($1.mean(.lpips) ?? 0, $0.clip)
        }
        return Table(
            title: "The hardest clips, beside the others",
            note: "Each clip at this codec's setting \(middle.name), worst first, and what others "
                + "need for the same LPIPS in the same clip (kbit/s, payload).",
            columns: ["clip", "kbit/s", "LPIPS", "95th percentile", "PSNR", "AKD", "face missing"]
                + others.map(CodecNames.title),
            rows: rows.map { row in
                let lpips = row.quality[Measure.lpips.rawValue]
                var cells = [row.clip, number(row.payloadRate, 1)]
                cells += [number(lpips?.mean ?? .nan, 3), number(lpips?.percentile95 ?? .nan, 3)]
                cells += [number(row.mean(.psnr) ?? .nan, 1), number(row.mean(.akd) ?? .nan, 1)]
                cells.append(percent(row.mean(.missingFace) ?? .nan))
                return cells + others.map { needed(row, $0) }
            })
    }

    private func needed(_ row: RateQualityRow, _ codec: String) -> String {
        guard let quality = row.mean(.lpips), curves.clips(codec, .lpips).contains(row.clip),
            let curve = curves.table(codec, .lpips, .payload, clips: [row.clip]).curve([0])
        else { return "–" }
        switch curve.rate(for: quality) {
        case .at(let rate): return number(rate, 1)
        case .below(let rate): return "< " + number(rate, 1)
        case .above(let rate): return "> " + number(rate, 1)
        }
    }

    private var impossible: Table {
        Table(
            title: "Comparisons that are not possible",
            note: "Where two codecs reach no quality in common, there is no BD-rate.",
            columns: ["against", "metric", "rate", "why"],
            rows: comparison.missing.map {
                [CodecNames.title($0.codec), $0.metric, $0.rate, $0.reason]
            })
    }

    private func mean(_ values: [Double]) -> Double {
        values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }

    private func number(_ value: Double, _ digits: Int) -> String {
        value.isFinite ? String(format: "%.\(max(0, digits))f", value) : "–"
    }

    private func percent(_ value: Double) -> String {
        value.isFinite ? String(format: "%.0f %%", 100 * value) : "–"
    }
}
