import Media
import VideoCoding

/// The bases that were used last, as each one takes some 35 ms to begin with.
struct PredictionCache {
    private var predictions: [AOMPrediction] = []

    /// A call predicts from the newest source and from the nearest pose.
    private static let capacity = 2

    /// What codes from `base`, and what decodes it begins with.
    mutating func prediction(from base: VideoFrame) throws(CodecError) -> AOMPrediction {
        let found: AOMPrediction
        if let index = predictions.firstIndex(where: { $0.isBased(on: base) }) {
            found = predictions.remove(at: index)
        } else {
            found = try AOMPrediction(base: base)
        }
        predictions = predictions.suffix(Self.capacity - 1) + [found]
        return found
    }
}
