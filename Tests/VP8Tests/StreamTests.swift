import Media
import TestSupport
import Testing
import VP8
import VideoCoding

@Suite struct StreamTests {
    /// A picture whose texture moves with its number.
    private func picture(_ number: Int, side: Int = 96) throws -> VideoFrame {
        let size = try #require(PictureSize(width: side, height: side))
        let still = try #require(texturedPicture(size))
        var luma = still.y
        for row in 0..<side {
            for column in 0..<side {
                luma[row * side + column] = still.y[row * side + (column + 2 * number) % side]
            }
        }
        return try #require(
            VideoFrame(size: size, time: .zero, y: luma, u: still.u, v: still.v))
    }

    /// The receiver's rule: two anchors, and none without its reference.
    private struct Receiver {
        let decoder = VP8StreamDecoder()
        var anchors: [PictureNumber] = []

        mutating func take(_ picture: StreamPicture) throws -> VideoFrame {
            if let reference = picture.reference { #expect(anchors.contains(reference)) }
            let frame = try decoder.decode(picture, largest: .standard)
            if picture.isAnchor {
                anchors = [picture.reference, picture.number].compactMap(\.self)
            }
            return frame
        }
    }

    /// Whatever is lost, what arrives decodes to the very picture that the sender sees: the buffers of both
    /// ends never part.
    @Test(arguments: 0..<6)
    func lossNeverParts(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let encoder = VP8StreamEncoder()
        var receiver = Receiver()
        var (decoded, lost, leaves) = (0, 0, 0)
        /// What the sender will learn, and when.
        var news: [(at: Int, anchor: PictureNumber, isHeld: Bool)] = []
        for number in 0..<200 {
            for item in news where item.at == number {
                if item.isHeld {
                    encoder.acknowledge(item.anchor)
                } else {
                    encoder.lose(item.anchor)
                }
            }
            guard
                let coded = try encoder.encode(
                    picture(number), number: PictureNumber(UInt32(number)), quantizer: 40)
            else { continue }
            let isLost = Int.random(in: 0..<4, using: &random) == 0
            if isLost {
                lost += 1
            } else {
                let shown = try receiver.take(coded)
                // The whole planes would fill a screen.
                let isEqual = shown == encoder.latest
                #expect(isEqual, "picture \(number), \(coded.kind)")
                decoded += 1
                leaves += coded.isAnchor ? 0 : 1
            }
            if coded.isAnchor {
                let delay = Int.random(in: 1...5, using: &random)
                news.append((number + delay, coded.number, !isLost))
            }
        }
        #expect(decoded > 100 && lost > 20 && leaves > 20)
    }

    @Test func aPictureFromTheLastOneTakesLittle() throws {
        let encoder = VP8StreamEncoder()
        let key = try #require(
            try encoder.encode(picture(0), number: .zero, quantizer: 30))
        #expect(key.kind == .key)
        // Nothing to predict from before the first one has arrived.
        #expect(try encoder.encode(picture(1), number: PictureNumber(1), quantizer: 30) == nil)
        encoder.acknowledge(key.number)
        let next = try #require(
            try encoder.encode(picture(2), number: PictureNumber(2), quantizer: 30))
        #expect(next.kind == .anchor(from: .zero))
        #expect(next.payload.count * 3 < key.payload.count)
        let leaf = try #require(
            try encoder.encode(picture(3), number: PictureNumber(3), quantizer: 30))
        #expect(leaf.kind == .leaf(from: .zero))
    }

    @Test func aCutMakesNoKeyFrameByItself() throws {
        let encoder = VP8StreamEncoder()
        _ = try encoder.encode(picture(0), number: .zero, quantizer: 40)
        encoder.acknowledge(.zero)
        let size = try #require(PictureSize(width: 96, height: 96))
        let grey = try #require(
            VideoFrame(
                size: size, time: .zero, y: [UInt8](repeating: 200, count: 96 * 96),
                u: [UInt8](repeating: 90, count: 48 * 48),
                v: [UInt8](repeating: 90, count: 48 * 48)))
        let cut = try #require(
            try encoder.encode(grey, number: PictureNumber(9), quantizer: 40))
        // The lowest bit of VP8's tag is 0 for key frames.
        #expect(cut.kind == .anchor(from: .zero) && cut.payload[0] & 1 == 1)
    }

    @Test func anotherSizeBeginsAnew() throws {
        let encoder = VP8StreamEncoder()
        _ = try encoder.encode(picture(0), number: .zero, quantizer: 40)
        encoder.acknowledge(.zero)
        let small = try #require(
            try encoder.encode(picture(1, side: 64), number: PictureNumber(1), quantizer: 40))
        #expect(small.kind == .key)
        var receiver = Receiver()
        #expect(try receiver.take(small).size.width == 64)
    }

    @Test func aLostKeyPictureIsFollowedByAnother() throws {
        let encoder = VP8StreamEncoder()
        _ = try encoder.encode(picture(0), number: .zero, quantizer: 40)
        encoder.lose(.zero)
        let second = try #require(
            try encoder.encode(picture(1), number: PictureNumber(1), quantizer: 40))
        #expect(second.kind == .key)
    }

    @Test func whatIsPredictedFromNothingIsRefused() throws {
        let encoder = VP8StreamEncoder()
        _ = try encoder.encode(picture(0), number: .zero, quantizer: 40)
        encoder.acknowledge(.zero)
        let next = try #require(
            try encoder.encode(picture(1), number: PictureNumber(1), quantizer: 40))
        #expect(throws: CodecError.corrupt(reason: "no key frame before")) {
            try VP8StreamDecoder().decode(next, largest: .standard)
        }
    }

    @Test func largerPicturesThanAllowedAreRefused() throws {
        let key = try #require(
            try VP8StreamEncoder().encode(picture(0), number: .zero, quantizer: 40))
        let small = try #require(PictureSize(width: 64, height: 64))
        #expect(throws: CodecError.corrupt(reason: "a picture of 96x96, larger than 64x64")) {
            try VP8StreamDecoder().decode(key, largest: small)
        }
    }

    /// Damage gives an error or some picture of the right size, and after an error nothing until a key frame.
    @Test(arguments: 0..<4)
    func damageNeverTraps(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let encoder = VP8StreamEncoder()
        let decoder = VP8StreamDecoder()
        let key = try #require(
            try encoder.encode(picture(0), number: .zero, quantizer: 30))
        encoder.acknowledge(key.number)
        var parts = [key]
        for number in 1..<6 {
            parts.append(
                try #require(
                    try encoder.encode(
                        picture(number), number: PictureNumber(UInt32(number)), quantizer: 30)))
        }
        var (refused, taken) = (0, 0)
        var isOpen = false
        for _ in 0..<400 {
            let original = parts[Int.random(in: 0..<parts.count, using: &random)]
            var bytes = original.payload
            if Bool.random(using: &random) {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<min(40, bytes.count), using: &random)] ^=
                        1 << UInt8.random(in: 0...7, using: &random)
                }
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random))
            }
            let damaged = try #require(
                StreamPicture(number: original.number, kind: original.kind, payload: bytes))
            do throws(CodecError) {
                let frame = try decoder.decode(damaged, largest: .standard)
                #expect(original.reference == nil || isOpen)
                #expect(frame.size.width <= 256 && frame.size.height <= 256)
                isOpen = true
                taken += 1
            } catch {
                guard case .corrupt = error else {
                    Issue.record("\(error)")
                    continue
                }
                // A header that does not parse leaves what was decoded before as it is.
                if original.reference == nil { isOpen = false }
                refused += 1
            }
        }
        #expect(refused > 10 && taken > 10)
    }
}
