/// Rows as comma-separated values, for spreadsheets.
struct CSVTable {
    let rows: [RateQualityRow]

    var text: String {
        let measures = Measure.allCases.filter { measure in
            rows.contains { $0.mean(measure) != nil }
        }
        let spreads = measures.flatMap { measure in
            ["mean", "median", "p95"].map { "\(measure.rawValue)_\($0)" }
        }
        let parts = Set(rows.flatMap { ($0.parts ?? [:]).keys }).sorted()
        let header = [
            "clip", "codec", "setting", "pictures", "seconds", "payload_kbps", "wire_kbps",
            "packets", "held_pictures", "encode_ms", "decode_ms", "encode_mib", "decode_mib",
            "encode_joules", "decode_joules",
        ]
        // Bytes on the wire by what they are for; of this codec only.
        let partHeader = parts.map {
            $0.lowercased().replacing(" ", with: "_") + "_bytes"
        }
        let lines = rows.map { row in
            let plain: [String] = [
                Self.quoted(row.clip), row.codec, Self.quoted(row.setting), "\(row.pictures)",
                "\(row.seconds)", "\(row.payloadRate)", "\(row.wireRate)", "\(row.packets)",
                row.heldPictures.map(String.init) ?? "", "\(row.encodeMilliseconds)",
                "\(row.decodeMilliseconds)", "\(row.encodeMebibytes)", "\(row.decodeMebibytes)",
                row.encodeJoules.map { "\($0)" } ?? "", row.decodeJoules.map { "\($0)" } ?? "",
            ]
            let bytes = parts.map { row.parts?[$0].map(String.init) ?? "" }
            let quality = measures.flatMap { measure -> [String] in
                guard let spread = row.quality[measure.rawValue] else { return ["", "", ""] }
                return [spread.mean, spread.median, spread.percentile95].map { "\($0)" }
            }
            return (plain + bytes + quality).joined(separator: ",")
        }
        return ([(header + partHeader + spreads).joined(separator: ",")] + lines).joined(
            separator: "\n") + "\n"
    }

    private static func quoted(_ words: String) -> String {
        words.contains { ",\"\n".contains($0) }
            ? "\"\(words.replacing("\"", with: "\"\""))\"" : words
    }
}
