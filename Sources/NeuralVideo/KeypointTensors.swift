import Inference
import Media

/// The memory from which a network reads the keypoints of one picture.
struct KeypointTensors {
    /// `1 × count × 2`: x and y in −1…1.
    let locations: TensorBuffer
    /// `1 × count`: strengths in 0…1.
    let strengths: TensorBuffer
    /// How many keypoints there are.
    let count: Int

    init(count: Int) throws(InferenceError) {
        locations = try TensorBuffer(count: count * 2)
        strengths = try TensorBuffer(count: count)
        self.count = count
    }

    /// Lets a request read the keypoints from here.
    func bind(to request: Request) throws(InferenceError) {
        try request.bind(locations, shape: [1, count, 2], to: PortName.locations)
        try request.bind(strengths, shape: [1, count], to: PortName.strengths)
    }

    /// Writes the keypoints, of which there are ``count``.
    ///
    /// Whatever numbers they hold, the network gets finite ones: sampling at a location that is not
    /// a number is undefined in the engine.
    func write(_ keypoints: Keypoints) {
        locations.withMutableElements { place in
            for index in 0..<count {
                place[2 * index] = bounded(keypoints.points[index].x, -2, 2)
                place[2 * index + 1] = bounded(keypoints.points[index].y, -2, 2)
            }
        }
        strengths.withMutableElements { place in
            for index in 0..<count {
                place[index] = bounded(keypoints.points[index].strength, 0, 1)
            }
        }
    }
}

/// The value within the bounds; zero where it is not a number.
private func bounded(_ value: Float, _ lowest: Float, _ highest: Float) -> Float {
    value.isNaN ? 0 : max(lowest, min(highest, value))
}
