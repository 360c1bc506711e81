import Foundation
import Media

/// Sounds for tests, one channel at 48,000 samples a second.
enum Sounds {
    /// A pure tone with an amplitude of 0.4.
    static func tone(_ hertz: Double, samples: Int) -> [Float] {
        (0..<samples).map {
            Float(0.4 * sin(2 * .pi * hertz * Double($0) / Double(AudioFrame.samplesPerSecond)))
        }
    }

    /// Something like a voice: pulses of a gliding pitch through three resonances, in syllables.
    static func speech(samples: Int, seed: UInt64 = 3) -> [Float] {
        var random = SplitMix64(seed: seed)
        let rate = Double(AudioFrame.samplesPerSecond)
        var memories = [[Double]](repeating: [0, 0], count: 3)
        var phase = 0.0
        return (0..<samples).map { index in
            let time = Double(index) / rate
            phase += (130 + 30 * sin(2 * .pi * 0.7 * time)) / rate
            var source = (random.unit() - 0.5) * 0.02
            if phase >= 1 {
                phase -= 1
                source += 1
            }
            var value = source
            for (place, formant) in [(520.0, 70.0), (1400, 100), (2600, 160)].enumerated() {
                let radius = exp(-.pi * formant.1 / rate)
                let sweep = 1 + 0.15 * sin(2 * .pi * (1.3 + Double(place)) * time)
                let angle = 2 * .pi * formant.0 * sweep / rate
                let out =
                    value * (1 - radius) + 2 * radius * cos(angle) * memories[place][0]
                    - radius * radius * memories[place][1]
                memories[place] = [out, memories[place][0]]
                value = out
            }
            // Four syllables a second.
            let loudness = pow(max(0, sin(2 * .pi * 4 * time)), 0.5)
            return Float(max(-0.9, min(0.9, value * 2000 * loudness)))
        }
    }

    /// Root of the mean square.
    static func loudness(_ samples: some Collection<Float>) -> Double {
        guard !samples.isEmpty else { return 0 }
        return sqrt(samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count))
    }

    /// Signal over difference, the mean over pieces of 20 ms that are not silent, each limited to
    /// −10…35 dB.
    static func segmentalSNR(_ original: [Float], _ copy: [Float]) -> Double {
        var values: [Double] = []
        for start in stride(from: 0, to: min(original.count, copy.count) - 960, by: 960) {
            let piece = original[start..<start + 960]
            let difference = zip(piece, copy[start..<start + 960]).map { $0 - $1 }
            guard loudness(piece) > 0.01 else { continue }
            let ratio = loudness(piece) / max(1e-9, loudness(difference))
            values.append(max(-10, min(35, 20 * log10(ratio))))
        }
        return values.reduce(0, +) / Double(max(1, values.count))
    }

    /// By how many samples `copy` is best delayed against `original`, searched from −`range` to `range`.
    static func lag(of copy: [Float], behind original: [Float], range: Int) -> Int? {
        return (-range...range).max { correlation($0) < correlation($1) }
        func correlation(_ lag: Int) -> Double {
            let length = min(original.count, copy.count)
            return (range..<length - range).reduce(0.0) {
                $0 + Double(original[$1]) * Double(copy[$1 + lag])
            }
        }
    }
}
