/// A codec that everybody has, in one way of using it.
package struct ClassicalCodec: Hashable, Sendable {
    /// How a codec is used.
    package enum Use: String, Codable, Hashable, Sendable {
        /// As in a call: no picture waits for a later one, several times faster than real time.
        case realTime = "real-time"
        /// As for a film: looks ahead and takes its time. A bound that no call reaches.
        case slow
    }

    /// What rows call it, such as `h265` and `h265-slow`.
    package let name: String
    /// What people call it.
    package let title: String
    package let use: Use
    /// FFmpeg's encoder.
    package let encoder: String
    package let format: BitstreamFormat
    /// FFmpeg's options; `@` stands for the quantiser.
    package let options: [String]
    /// Quantisers from coarse to fine, all that are measured by default.
    package let quantizers: [Int]

    /// The options for one quantiser.
    package func options(quantizer: Int) -> [String] {
        options.map { $0 == "@" ? "\(quantizer)" : $0 }
    }

    /// `count` of the quantisers, spread evenly, the ends always among them.
    package func quantizers(_ count: Int) -> [Int] {
        guard count < quantizers.count else { return quantizers }
        guard count > 1 else { return Array(quantizers.prefix(count)) }
        return (0..<count).map { quantizers[$0 * (quantizers.count - 1) / (count - 1)] }
    }
}
