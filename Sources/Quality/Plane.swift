import Media

/// One channel of a picture in double precision.
struct Plane {
    let width: Int
    let height: Int
    let values: [Double]

    /// One channel (0 red, 1 green, 2 blue) of a picture.
    init(_ image: RGBImage, channel: Int) {
        width = image.width
        height = image.height
        values = (0..<width * height).map { Double(image.pixels[3 * $0 + channel]) }
    }

    private init(_ width: Int, _ height: Int, _ values: [Double]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// The products pixel by pixel with a plane of the same size.
    func multiplied(by other: Plane) -> Plane {
        Plane(width, height, zip(values, other.values).map { $0 * $1 })
    }

    /// Filters rows, then columns; only places where the whole window lies inside remain.
    func filtered(_ window: [Double]) -> Plane {
        let columns = width - window.count + 1
        let rows = height - window.count + 1
        var narrow = [Double](repeating: 0, count: columns * height)
        var result = [Double](repeating: 0, count: columns * rows)
        for (tap, weight) in window.enumerated() {
            for row in 0..<height {
                for column in 0..<columns {
                    narrow[row * columns + column] += weight * values[row * width + column + tap]
                }
            }
        }
        for (tap, weight) in window.enumerated() {
            for index in result.indices {
                result[index] += weight * narrow[tap * columns + index]
            }
        }
        return Plane(columns, rows, result)
    }
}
