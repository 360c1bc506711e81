public import Media

/// A picture with smooth areas, an edge and some texture, so that every part of the codec has work.
public func texturedPicture(_ size: PictureSize) -> VideoFrame? {
    let (width, height) = (size.width, size.height)
    var y = [UInt8]()
    for row in 0..<height {
        for column in 0..<width {
            let (dx, dy) = (2 * column - width, 2 * row - height)
            let inside = dx * dx * 4 + dy * dy * 2 < width * height * 2
            let texture = (column * 7 + row * 13 + column * row) % 11
            y.append(UInt8(inside ? 150 + row * 60 / height : 40 + texture * 3))
        }
    }
    var u = [UInt8]()
    var v = [UInt8]()
    for row in 0..<height / 2 {
        for column in 0..<width / 2 {
            u.append(UInt8(100 + column * 40 / width))
            v.append(UInt8(120 + row * 60 / height))
        }
    }
    return VideoFrame(size: size, time: .zero, y: y, u: u, v: v)
}

/// The mean squared error of the luma of two pictures of one size.
public func meanSquaredError(_ a: VideoFrame, _ b: VideoFrame) -> Double {
    let sum = zip(a.y, b.y).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.y.count)
}
