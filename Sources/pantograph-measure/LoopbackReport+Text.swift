import Foundation
import Pipeline

extension LoopbackReport {
    /// Writes the main figures to standard output.
    func tell() {
        func text(_ value: Double, _ digits: Int) -> String {
            String(format: "%.\(digits)f", value)
        }
        print(
            """
            \(sentPictures) pictures sent, \(generatedPictures) rebuilt, \(lostPictures) lost (at most \(longestLoss) in a row)
            \(text(wireKilobitsPerSecond, 2)) kbit/s on the wire, \(text(wireKilobitsPerSecondAfterFirstSecond, 2)) after the first second; \
            keypoints alone \(text(keypointKilobitsPerSecond, 2)), sources \(sourceBytes) bytes
            """)
        for (name, quality) in [("rebuilt", quality), ("source unchanged", copiedSource)] {
            guard let quality else { continue }
            print("\(name): \(quality.sentence)")
        }
        for (stage, times) in stages.sorted(by: { $0.key < $1.key }) {
            print("\(stage): \(text(times.median, 1)) ms (p95 \(text(times.percentile95, 1)))")
        }
    }
}
