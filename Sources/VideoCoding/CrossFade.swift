import Media

/// Leads from a picture that stood to those that move again, so that nothing jumps.
struct CrossFade: Sendable {
    private var from: VideoFrame?
    private var step = 0

    /// So many pictures are mixed: 120 ms, too short to be seen as two pictures.
    private static let length = 3

    /// What the next pictures are led away from; nothing where they are to be shown as they are.
    mutating func begin(from picture: VideoFrame?) {
        from = picture
        step = 0
    }

    /// The picture to be shown for the next one.
    mutating func next(_ picture: VideoFrame) -> VideoFrame {
        guard let from, step < Self.length else {
            self.from = nil
            return picture
        }
        step += 1
        return picture.mixed(with: from, share: Self.length + 1 - step, of: Self.length + 1)
    }
}

extension VideoFrame {
    /// The same picture at another time.
    func at(_ time: MediaTime) -> VideoFrame {
        var copy = self
        copy.time = time
        return copy
    }

    /// So many parts of another picture, the rest of this one; this one where the sizes differ.
    func mixed(with other: VideoFrame, share: Int, of whole: Int) -> VideoFrame {
        guard other.size == size else { return self }
        func mixed(_ own: [UInt8], _ others: [UInt8]) -> [UInt8] {
            zip(own, others).map { own, other in
                let sum = Int(own) * (whole - share) + Int(other) * share
                return UInt8(truncatingIfNeeded: (sum + whole / 2) / whole)
            }
        }
        return VideoFrame(
            size: size, time: time, y: mixed(y, other.y), u: mixed(u, other.u),
            v: mixed(v, other.v)) ?? self
    }
}
