import Foundation
import Inference
import Media
import Quality
import TestSupport
import Testing

@Suite("DISTS")
struct DISTSTests {
    /// Weights by formula: number i of the file is ((i × 2654435761 + 12345) mod 2³²) / 2³².
    private struct Weights {
        private var next: UInt32 = 0
        private var header: [String] = []
        private var content = [Float]()

        mutating func add(_ name: String, _ shape: [Int], scale: Double, isPositive: Bool = false) {
            let start = content.count * 4
            for _ in 0..<shape.reduce(1, *) {
                let bits = next &* 2_654_435_761 &+ 12345
                next += 1
                let value = Double(bits >> 8) / Double(1 << 24)
                content.append(Float((isPositive ? value : 2 * value - 1) * scale))
            }
            header.append(
                #""\#(name)":{"dtype":"F32","shape":\#(shape),"#
                    + #""data_offsets":[\#(start),\#(content.count * 4)]}"#)
        }

        func write(to path: String) throws {
            let text = Data("{\(header.joined(separator: ","))}".utf8)
            var length = UInt64(text.count).littleEndian
            var data = unsafe Data(bytes: &length, count: 8) + text
            unsafe content.withUnsafeBytes { unsafe data.append(contentsOf: $0) }
            try data.write(to: URL(filePath: path))
        }
    }

    private static func write(to path: String) throws {
        var weights = Weights()
        var channels = 3
        for (stage, counts) in [
            [64, 64], [128, 128], [256, 256, 256], [512, 512, 512],
            [512, 512, 512],
        ].enumerated() {
            for (index, count) in counts.enumerated() {
                let name = "vgg16.conv\(stage + 1)_\(index + 1)"
                let scale = (6 / Double(9 * channels)).squareRoot()
                weights.add(name + ".weight", [count, channels, 3, 3], scale: scale)
                weights.add(name + ".bias", [count], scale: 0.1)
                channels = count
            }
        }
        weights.add("alpha", [1475], scale: 1, isPositive: true)
        weights.add("beta", [1475], scale: 1, isPositive: true)
        try weights.write(to: path)
    }

    // The expected numbers are those of an implementation in PyTorch, after section III of the
    // paper, with the same weights and pictures:
    //   conv2d + relu; (conv2d(x ** 2, hann, stride=2, padding=1, groups=c) + 1e-12).sqrt()
    @Test func theSameAsPyTorch() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("dists.safetensors")
        try Self.write(to: path)
        let metric = try DISTS(weights: path, engine: Engine())
        let a = try picture(width: 64, height: 48, step: 1, shift: 0)
        let b = try picture(width: 64, height: 48, step: 1, shift: 9)
        #expect(abs(try metric.distance(a, b) - 0.042760) < 1e-5)
        #expect(abs(try metric.distance(a, a)) < 1e-5)
        let c = try picture(width: 40, height: 32, step: 0, shift: 5)
        let d = try picture(width: 40, height: 32, step: 2, shift: 5)
        #expect(abs(try metric.distance(c, d) - 0.089571) < 1e-5)
        #expect(throws: QualityError.sizesDiffer) { try metric.distance(a, c) }
    }

    @Test func missingWeightsAreAnError() throws {
        let path = "/nowhere/dists.safetensors"
        #expect(throws: QualityError.unreadable(path: path)) {
            try DISTS(weights: path, engine: Engine())
        }
    }
}
