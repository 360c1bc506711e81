package import Media

/// A rectangle of a stored picture, in its pixels.
package struct Region: Hashable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    /// The largest centred rectangle that has the shape of `size` once displayed.
    ///
    /// - Parameters:
    ///   - aspect: width of a stored pixel over its height.
    ///   - size: what the rectangle will be scaled to, as stored (before rotation).
    package init(centredIn width: Int, _ height: Int, aspect: Double, shape size: PictureSize) {
        // Stored pixels across for each stored pixel down.
        let shape = Double(size.width) / Double(size.height) / aspect
        self.width = max(1, min(width, Int((Double(height) * shape).rounded())))
        self.height = max(1, min(height, Int((Double(width) / shape).rounded())))
        x = (width - self.width) / 2
        y = (height - self.height) / 2
    }

    /// The stored pixels of a square of the displayed picture; nothing where it reaches outside.
    ///
    /// - Parameters:
    ///   - width: of the stored picture.
    ///   - height: of the stored picture.
    package init?(_ crop: Crop, in width: Int, _ height: Int, rotation: Rotation) {
        let (across, down) = rotation.swapsSides ? (height, width) : (width, height)
        let side = crop.side
        guard crop.x >= 0, crop.y >= 0, side > 0, side <= across, side <= down,
            crop.x <= across - side, crop.y <= down - side
        else { return nil }
        (self.width, self.height) = (side, side)
        (x, y) =
            switch rotation {
            case .none: (crop.x, crop.y)
            case .quarter: (crop.y, height - crop.x - side)
            case .half: (width - crop.x - side, height - crop.y - side)
            case .threeQuarters: (width - crop.y - side, crop.x)
            }
    }
}
