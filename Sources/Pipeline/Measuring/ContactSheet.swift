public import Media

/// Pictures side by side in rows, for people to look at.
public struct ContactSheet: Sendable {
    private var rows: [[RGBImage]] = []
    private let gap = 4

    /// An empty sheet.
    public init() {}

    /// Adds a row of pictures of equal size.
    public mutating func add(_ row: [RGBImage]) { rows.append(row) }

    /// The sheet as one picture; nothing where it is empty or would be too large.
    public var image: RGBImage? {
        let cellWidth = rows.joined().map(\.width).max() ?? 0
        let cellHeight = rows.joined().map(\.height).max() ?? 0
        let columns = rows.map(\.count).max() ?? 0
        let width = columns * (cellWidth + gap) - gap
        let height = rows.count * (cellHeight + gap) - gap
        guard width > 0, height > 0, width <= PictureSize.largestSide,
            height <= PictureSize.largestSide
        else { return nil }
        var pixels = [UInt8](repeating: 255, count: width * height * 3)
        for (row, pictures) in rows.enumerated() {
            for (column, picture) in pictures.enumerated() {
                for line in 0..<picture.height {
                    let from = line * picture.width * 3
                    let to =
                        ((row * (cellHeight + gap) + line) * width + column * (cellWidth + gap)) * 3
                    pixels.replaceSubrange(
                        to..<to + picture.width * 3,
                        with: picture.pixels[from..<from + picture.width * 3])
                }
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// How two pictures of equal size differ: three times the absolute difference of each value.
    public static func difference(_ a: RGBImage, _ b: RGBImage) -> RGBImage? {
        guard a.width == b.width, a.height == b.height else { return nil }
        let pixels = zip(a.pixels, b.pixels).map { UInt8(min(255, 3 * abs(Int($0) - Int($1)))) }
        return RGBImage(width: a.width, height: a.height, pixels: pixels)
    }
}
