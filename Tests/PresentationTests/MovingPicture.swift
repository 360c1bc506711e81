import Media

/// Picture `number` of a soft ball that moves over a slope.
func movingPicture(_ number: Int, size: PictureSize = .standard) -> VideoFrame? {
    let (width, height) = (size.width, size.height)
    let (centreX, centreY) = (width / 4 + number * 3 % (width / 2), height / 2)
    let radius = max(1, width * height / 16)
    var y = [UInt8]()
    y.reserveCapacity(width * height)
    for row in 0..<height {
        for column in 0..<width {
            let (dx, dy) = (column - centreX, row - centreY)
            let ball = max(0, 100 - 100 * (dx * dx + dy * dy) / radius)
            y.append(UInt8(40 + 60 * column / width + ball))
        }
    }
    let u = (0..<y.count / 4).map { UInt8(100 + 50 * ($0 % (width / 2)) / width) }
    let v = (0..<y.count / 4).map { UInt8(110 + 80 * ($0 / (width / 2)) / height) }
    let time = PictureRate.standard.time(ofPicture: number)
    return VideoFrame(size: size, time: time, y: y, u: u, v: v)
}
