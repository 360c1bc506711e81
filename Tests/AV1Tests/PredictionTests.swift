import AV1
import Media
import TestSupport
import Testing
import VideoCoding

@Suite struct PredictionTests {
    let encoder = AV1StillEncoder()
    let decoder = AV1StillDecoder()

    /// The same texture, moved right and down, as if the camera had turned.
    private func moved(_ frame: VideoFrame, by distance: Int) throws -> VideoFrame {
        func shifted(_ plane: [UInt8], _ width: Int, by distance: Int) -> [UInt8] {
            let height = plane.count / width
            return (0..<plane.count).map { place in
                let x = (place % width + distance) % width
                let y = (place / width + distance) % height
                return plane[y * width + x]
            }
        }
        let width = frame.size.width
        return try #require(
            VideoFrame(
                size: frame.size, time: .zero, y: shifted(frame.y, width, by: distance),
                u: shifted(frame.u, width / 2, by: distance / 2),
                v: shifted(frame.v, width / 2, by: distance / 2)))
    }

    /// A picture as the receiver has it, and another one of the same scene.
    private func scene(
        _ size: PictureSize = .standard
    ) throws -> (base: VideoFrame, picture: VideoFrame) {
        let picture = try #require(texturedPicture(size))
        let bytes = try encoder.encode(picture, quantizer: 30)
        return (try decoder.decode(bytes, largest: size), try moved(picture, by: 4))
    }

    private func predicted(
        _ picture: VideoFrame, from base: VideoFrame, quantizer: Int = 30
    ) throws -> [UInt8] {
        try #require(try encoder.encode(picture, from: base, quantizer: quantizer))
    }

    @Test(arguments: [(16, 16), (18, 34), (64, 48), (130, 98), (256, 256), (640, 360)])
    func everySizeComesBack(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        let (base, picture) = try scene(size)
        let bytes = try predicted(picture, from: base, quantizer: 4)
        let decoded = try decoder.decode(bytes, from: base)
        #expect(decoded.size == size)
        #expect(decoded.time == .zero)
        #expect(meanSquaredError(picture, decoded) < 6)
    }

    @Test func whatTheBaseShowsCostsFewBytes() throws {
        let (base, picture) = try scene()
        let alone = try encoder.encode(picture, quantizer: 30)
        let bytes = try predicted(picture, from: base)
        #expect(bytes.count * 2 < alone.count)
        let (of, from) = (
            try decoder.decode(alone, largest: .standard), try decoder.decode(bytes, from: base)
        )
        #expect(meanSquaredError(picture, from) < 2 * meanSquaredError(picture, of))
    }

    @Test func eachPictureDependsOnItsBaseAlone() throws {
        let (base, picture) = try scene()
        let others = try [2, 6, 8].map { try moved(picture, by: $0) }
        let coded = try others.map { try predicted($0, from: base, quantizer: 20) }
        // A decoder that has seen none of the others, and in another order.
        for (bytes, other) in zip(coded, others).reversed() {
            let fresh = try AV1StillDecoder().decode(bytes, from: base)
            #expect(meanSquaredError(other, fresh) < 40)
            #expect(try decoder.decode(bytes, from: base) == fresh)
        }
    }

    @Test func aPredictedPictureIsABaseToo() throws {
        var (base, picture) = try scene()
        for step in 1...4 {
            picture = try moved(picture, by: step)
            base = try decoder.decode(try predicted(picture, from: base, quantizer: 20), from: base)
        }
        #expect(meanSquaredError(picture, base) < 40)
    }

    @Test func twoBasesDoNotMix() throws {
        let (base, picture) = try scene()
        let other = try moved(base, by: 60)
        let first = try predicted(picture, from: base)
        let second = try predicted(picture, from: other)
        let third = try moved(base, by: 90)
        _ = try predicted(picture, from: third)
        #expect(
            meanSquaredError(picture, try decoder.decode(first, from: base))
                < meanSquaredError(picture, try decoder.decode(first, from: other)))
        #expect(
            meanSquaredError(picture, try decoder.decode(second, from: other))
                < meanSquaredError(picture, try decoder.decode(second, from: third)))
    }

    @Test func aBaseOfAnotherSizeIsRefused() throws {
        let (base, _) = try scene(try #require(PictureSize(width: 64, height: 48)))
        let picture = try #require(texturedPicture(.standard))
        #expect(throws: CodecError.unsupportedSize(width: 64, height: 48)) {
            try encoder.encode(picture, from: base, quantizer: 30)
        }
    }

    @Test(arguments: [-1, 64])
    func quantizersOutsideOfTheRangeAreRefused(quantizer: Int) throws {
        let (base, picture) = try scene(try #require(PictureSize(width: 64, height: 48)))
        #expect(throws: CodecError.self) {
            try encoder.encode(picture, from: base, quantizer: quantizer)
        }
    }

    /// What a decode of possibly damaged bytes gave; anything but a picture of the base's size or "corrupt"
    /// fails.
    private func decodeAny(_ bytes: [UInt8], from base: VideoFrame) -> VideoFrame? {
        do throws(CodecError) {
            let frame = try decoder.decode(bytes, from: base)
            #expect(frame.size == base.size)
            return frame
        } catch {
            guard case .corrupt(let reason) = error else {
                Issue.record("\(error) for \(bytes.prefix(16))")
                return nil
            }
            #expect(!reason.isEmpty)
            return nil
        }
    }

    @Test func damagedBytesNeverTrap() throws {
        let (base, picture) = try scene(try #require(PictureSize(width: 64, height: 48)))
        let bytes = try predicted(picture, from: base, quantizer: 20)
        for count in 0..<bytes.count {
            #expect(decodeAny(Array(bytes.prefix(count)), from: base) == nil)
        }
        for more in [[0x12, 0x00], [0x00], bytes] as [[UInt8]] {
            #expect(decodeAny(bytes + more, from: base) == nil)
        }
        // A still picture is no predicted one, and the other way round.
        let still = try encoder.encode(picture, quantizer: 30)
        #expect(decodeAny(still, from: base) == nil)
        #expect(throws: CodecError.self) { try decoder.decode(bytes, largest: .standard) }
        var random = SplitMix64(seed: 3)
        var decoded = 0
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Half of the flips fall on the headers, where they do most.
                let last = Bool.random(using: &random) ? min(30, damaged.count) : damaged.count
                damaged[Int.random(in: 0..<last, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
            }
            if decodeAny(damaged, from: base) != nil { decoded += 1 }
        }
        // AV1 has no checksum, so some damage gives a wrong picture.
        #expect((1..<2000).contains(decoded))
        #expect(try decoder.decode(bytes, from: base).size == base.size)
    }
}
