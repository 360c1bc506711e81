package import Media

extension VideoFrame {
    /// The same picture in another size: areas are averaged where it shrinks, and samples weighed by
    /// their distance where it grows.
    package func scaled(to size: PictureSize) -> VideoFrame? {
        guard size != self.size else { return self }
        let from = self.size
        let half = { (length: Int) in (length + 1) / 2 }
        let luma = Self.scaled(y, from.width, from.height, size.width, size.height)
        let chroma = [u, v].map {
            Self.scaled(
                $0, half(from.width), half(from.height), half(size.width), half(size.height))
        }
        return VideoFrame(size: size, time: time, y: luma, u: chroma[0], v: chroma[1])
    }

    private static func scaled(
        _ plane: [UInt8], _ width: Int, _ height: Int, _ newWidth: Int, _ newHeight: Int
    ) -> [UInt8] {
        let columns = (0..<newWidth).map { weights($0, from: width, to: newWidth) }
        let rows = (0..<newHeight).map { weights($0, from: height, to: newHeight) }
        // Along the rows first; both sums stay below 2^8 × 2^14 × 2^14.
        var narrow = [UInt32](repeating: 0, count: newWidth * height)
        for y in 0..<height {
            for (x, column) in columns.enumerated() {
                var sum: UInt32 = 0
                for (index, weight) in column {
                    sum += UInt32(plane[y * width + index]) * weight
                }
                narrow[y * newWidth + x] = sum
            }
        }
        var result = [UInt8](repeating: 0, count: newWidth * newHeight)
        for (y, row) in rows.enumerated() {
            for x in 0..<newWidth {
                var sum: UInt64 = 1 << 27
                for (index, weight) in row {
                    sum += UInt64(narrow[index * newWidth + x]) * UInt64(weight)
                }
                result[y * newWidth + x] = UInt8(truncatingIfNeeded: min(255, sum >> 28))
            }
        }
        return result
    }

    /// Which samples of a row of `length` make sample `index` of one of `newLength`, and their shares
    /// in 1/2^14, which add up to one.
    private static func weights(
        _ index: Int, from length: Int, to newLength: Int
    ) -> [(Int, UInt32)] {
        let ratio = Double(length) / Double(newLength)
        // A triangle as wide as a sample of the coarser row.
        let reach = max(1, ratio)
        let centre = (Double(index) + 0.5) * ratio - 0.5
        let first = Int((centre - reach).rounded(.up))
        let last = Int((centre + reach).rounded(.down))
        var shares: [Int: Double] = [:]
        for place in first...last {
            shares[max(0, min(length - 1, place)), default: 0] +=
                max(0, 1 - abs(Double(place) - centre) / reach)
        }
        let total = shares.values.reduce(0, +)
        var result = shares.sorted { $0.key < $1.key }
            .map { ($0.key, UInt32(($0.value / total * 16384).rounded())) }
        let excess = Int(result.reduce(0) { $0 + $1.1 }) - 16384
        if let largest = result.indices.max(by: { result[$0].1 < result[$1].1 }) {
            result[largest].1 = UInt32(Int(result[largest].1) - excess)
        }
        return result
    }
}
