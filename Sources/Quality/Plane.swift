import Media

/// One channel of a picture, or its luma, in double precision.
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

    /// The luma of a picture.
    init(luma frame: VideoFrame) {
        self.init(frame.size.width, frame.size.height, frame.y.map(Double.init))
    }

    /// The mean of each 2×2 block; an odd last row or column is left away.
    var halved: Plane {
        let columns = width / 2
        let rows = height / 2
        var result = [Double](repeating: 0, count: columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                let place = 2 * row * width + 2 * column
                result[row * columns + column] =
                    (values[place] + values[place + 1] + values[place + width]
                        + values[place + width + 1]) / 4
            }
        }
        return Plane(columns, rows, result)
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
        // Row by row, so that the sums stay in the processor's nearest cache; without checks of each
        // index, which would keep the loops from being vectorised.
        for (row, start) in stride(from: 0, to: narrow.count, by: columns).enumerated() {
            for (tap, weight) in window.enumerated() {
                Self.add(
                    weight, of: values, at: row * width + tap, to: &narrow, at: start,
                    count: columns)
            }
        }
        for start in stride(from: 0, to: result.count, by: columns) {
            for (tap, weight) in window.enumerated() {
                Self.add(
                    weight, of: narrow, at: start + tap * columns, to: &result, at: start,
                    count: columns)
            }
        }
        return Plane(columns, rows, result)
    }

    private static func add(
        _ weight: Double, of source: [Double], at place: Int, to sums: inout [Double],
        at start: Int, count: Int
    ) {
        precondition(place + count <= source.count && start + count <= sums.count)
        unsafe source.withUnsafeBufferPointer { source in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                for index in 0..<count {
                    unsafe sums[start + index] += weight * source[place + index]
                }
            }
        }
    }
}
