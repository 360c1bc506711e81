import Crypto
import Foundation
import Inference
import Quality

/// The metrics that can be had, with the networks behind them. For one thread.
package final class MeasureTools {
    let lpips: LPIPSFeatures?
    let landmarks: FaceLandmarkDetector?
    let dists: DISTS?

    /// Where weights are; a measure without them is left out.
    package struct Weights: Hashable, Sendable {
        package var lpips, mtcnn, dists: String?

        package init(lpips: String?, mtcnn: String?, dists: String?) {
            self.lpips = lpips
            self.mtcnn = mtcnn
            self.dists = dists
        }

        /// The SHA-256 of each file that is there and can be read, by the metric's name.
        package var digests: [String: String] {
            let named = [("LPIPS", lpips), ("AKD", mtcnn), ("DISTS", dists)]
            return named.reduce(into: [:]) { digests, pair in
                guard let path = pair.1,
                    let content = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
                else { return }
                digests[pair.0] = SHA256.hash(data: content)
                    .map { String(format: "%02x", $0) }.joined()
            }
        }
    }

    /// Of weights those that can be used, and what is wrong with the others.
    package static func usable(_ weights: Weights) -> (Weights, [Problem]) {
        var usable = weights
        var problems = [Problem]()
        func check(_ name: String, _ path: WritableKeyPath<Weights, String?>) {
            guard weights[keyPath: path] != nil else { return }
            var alone = Weights(lpips: nil, mtcnn: nil, dists: nil)
            alone[keyPath: path] = weights[keyPath: path]
            do {
                _ = try MeasureTools(alone)
            } catch {
                usable[keyPath: path] = nil
                problems.append(Problem(reason: "\(name) is not measured: \(error)"))
            }
        }
        check("LPIPS", \.lpips)
        check("AKD", \.mtcnn)
        check("DISTS", \.dists)
        return (usable, problems)
    }

    /// Loads the weights that are there.
    ///
    /// - Throws: `QualityError`, `InferenceError`.
    package init(_ weights: Weights) throws {
        let engine = try Engine()
        lpips = try weights.lpips.map { path throws(QualityError) in
            try LPIPSFeatures(weights: path, engine: engine)
        }
        landmarks = try weights.mtcnn.map { path throws(QualityError) in
            try FaceLandmarkDetector(weights: path, engine: engine)
        }
        dists = try weights.dists.map { path throws(QualityError) in
            try DISTS(weights: path, engine: engine)
        }
    }
}
