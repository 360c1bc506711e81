/// What each codec costs, in the same run: means over clips and settings.
package struct CostTable: Sendable {
    package struct Line: Codable, Sendable {
        package let codec: String
        /// Milliseconds of all processors for each picture.
        package let encode, decode: Double
        /// Of one processor at 25 pictures a second.
        package let encodeShare, decodeShare: Double
        /// In units of this codec's.
        package let encodeRatio, decodeRatio: Double?
        /// The largest, MiB.
        package let encodeMebibytes, decodeMebibytes: Double
        /// For each picture, where the machine tells.
        package let encodeJoules, decodeJoules: Double?
    }

    package let lines: [Line]

    package init(_ curves: PooledCurves) {
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        func rows(_ codec: String) -> [RateQualityRow] { curves.settings(codec).flatMap(\.rows) }
        let own = rows(OwnCodec.name)
        let ownEncode = mean(own.map(\.encodeMilliseconds))
        let ownDecode = mean(own.map(\.decodeMilliseconds))
        lines = curves.names.compactMap { codec in
            let rows = rows(codec)
            guard let encode = mean(rows.map(\.encodeMilliseconds)),
                let decode = mean(rows.map(\.decodeMilliseconds))
            else { return nil }
            return Line(
                codec: codec, encode: encode, decode: decode, encodeShare: encode / 40,
                decodeShare: decode / 40, encodeRatio: ownEncode.map { encode / $0 },
                decodeRatio: ownDecode.map { decode / $0 },
                encodeMebibytes: rows.map(\.encodeMebibytes).max() ?? 0,
                decodeMebibytes: rows.map(\.decodeMebibytes).max() ?? 0,
                encodeJoules: mean(rows.compactMap(\.encodeJoules)),
                decodeJoules: mean(rows.compactMap(\.decodeJoules)))
        }
    }
}
