public import Media

/// A mark that tells the viewer that the picture stands still: a frame around it, and two bars in a corner as on
/// a button that pauses.
///
/// Drawn into the picture, so that it is in a window, a file and a folder of pictures alike. Its cost is a
/// thousandth of a rebuilt picture's.
public struct StillMark: Sendable {
    private let size: PictureSize
    /// A hundredth of the shorter side, and even, as chroma needs.
    private let unit: Int

    /// Limited-range luma, and chroma of an amber that no face has.
    private static let bright: UInt8 = 200
    private static let dark: UInt8 = 30
    private static let amber: (u: UInt8, v: UInt8) = (40, 150)
    private static let grey: (u: UInt8, v: UInt8) = (128, 128)

    /// A mark for pictures of a size.
    public init(_ size: PictureSize) {
        self.size = size
        unit = max(2, min(size.width, size.height) / 128 * 2)
    }

    /// The picture with the mark; one of another size comes back as it was.
    public func drawn(on frame: VideoFrame) -> VideoFrame {
        guard frame.size == size else { return frame }
        var canvas = Canvas(frame)
        let (width, height) = (size.width, size.height)
        for bar in [
            (0..<width, 0..<unit), (0..<width, height - unit..<height), (0..<unit, 0..<height),
            (width - unit..<width, 0..<height),
        ] {
            canvas.fill(bar.0, bar.1, Self.bright, Self.amber)
        }
        // Twelve units of a dark square, two bars of two units in it.
        let left = width - 16 * unit
        guard left > 0, 16 * unit < height else { return canvas.frame }
        let square = (left..<left + 12 * unit, 4 * unit..<16 * unit)
        canvas.fill(square.0, square.1, Self.dark, Self.grey)
        for offset in [3, 7] {
            let first = left + offset * unit
            canvas.fill(
                first..<first + 2 * unit, 6 * unit..<14 * unit, Self.bright, Self.amber)
        }
        return canvas.frame
    }

    /// The planes of a picture, to be drawn on.
    private struct Canvas {
        private let original: VideoFrame
        private var y, u, v: [UInt8]

        init(_ frame: VideoFrame) {
            original = frame
            (y, u, v) = (frame.y, frame.u, frame.v)
        }

        var frame: VideoFrame {
            VideoFrame(size: original.size, time: original.time, y: y, u: u, v: v) ?? original
        }

        /// Fills a rectangle whose edges are even.
        mutating func fill(
            _ columns: Range<Int>, _ rows: Range<Int>, _ luma: UInt8, _ chroma: (u: UInt8, v: UInt8)
        ) {
            let width = original.size.width
            for row in rows {
                for column in columns { y[row * width + column] = luma }
            }
            for row in rows.lowerBound / 2..<rows.upperBound / 2 {
                for column in columns.lowerBound / 2..<columns.upperBound / 2 {
                    u[row * (width / 2) + column] = chroma.u
                    v[row * (width / 2) + column] = chroma.v
                }
            }
        }
    }
}
