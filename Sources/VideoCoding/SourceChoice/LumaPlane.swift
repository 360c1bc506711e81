import Media

/// The luma of a picture, as numbers to reckon with.
struct LumaPlane: Sendable {
    let width: Int
    let height: Int
    let values: [Float]

    init(_ frame: VideoFrame) {
        width = frame.size.width
        height = frame.size.height
        values = frame.y.map(Float.init)
    }

    private init(width: Int, height: Int, values: [Float]) {
        self.width = width
        self.height = height
        self.values = values
    }

    /// The mean of each 2×2 block; an odd last row or column is left away.
    var halved: LumaPlane {
        let columns = width / 2
        let rows = height / 2
        var result = [Float]()
        result.reserveCapacity(columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                let place = 2 * row * width + 2 * column
                let sum =
                    values[place] + values[place + 1] + values[place + width]
                    + values[place + width + 1]
                result.append(sum / 4)
            }
        }
        return LumaPlane(width: columns, height: rows, values: result)
    }
}
