package import Media
package import VideoCoding

extension NeuralPictureGenerator {
    /// Warps the sources to the keypoints: the picture as the network gives it, rounded to 8 bits.
    ///
    /// ``generate(_:time:)`` also halves the chroma's resolution, as every coded video does; a
    /// measurement of the network alone must not count that.
    package func image(_ keypoints: Keypoints) throws(CodecError) -> RGBImage {
        let size = pictureSize
        let pixels = try warp(keypoints) { values in values.indices.map { byte(values[$0]) } }
        guard let image = RGBImage(width: size.width, height: size.height, pixels: pixels) else {
            throw .backend("the network gave a picture of another size")
        }
        return image
    }
}

/// 0…1 as 0…255; zero where it is not a number.
private func byte(_ value: Float) -> UInt8 {
    value > 0 ? UInt8((min(value, 1) * 255).rounded()) : 0
}
