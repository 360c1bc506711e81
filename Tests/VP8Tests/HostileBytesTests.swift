import Media
import TestSupport
import Testing
import VP8
import VideoCoding

@Suite struct HostileBytesTests {
    let decoder = VP8StillDecoder()

    /// What a decode of possibly damaged bytes gave; anything but a picture or "corrupt" fails.
    private func decodeAny(_ bytes: [UInt8], largest: PictureSize = .standard) -> VideoFrame? {
        do throws(CodecError) {
            let frame = try decoder.decode(bytes, largest: largest)
            #expect(frame.size.width <= largest.width && frame.size.height <= largest.height)
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

    private func keyFrame(
        width: Int = 256, height: Int = 256, quantizer: Int = 30
    ) throws -> [UInt8] {
        let size = try #require(PictureSize(width: width, height: height))
        let picture = try #require(texturedPicture(size))
        return try VP8StillEncoder().encode(picture, quantizer: quantizer)
    }

    @Test func everyTruncationIsRefusedOrHarmless() throws {
        let bytes = try keyFrame(width: 64, height: 48)
        let whole = try decoder.decode(bytes, largest: .standard)
        var refused = 0
        for count in 0..<bytes.count {
            if let frame = decodeAny(Array(bytes.prefix(count))) {
                #expect(frame == whole, "\(count) of \(bytes.count) bytes give another picture")
            } else {
                refused += 1
            }
        }
        // The arithmetic coder's padding at the end carries nothing.
        #expect(refused >= bytes.count - 8)
    }

    @Test func everyTruncationOfALargeFrameIsRefusedOrHarmless() throws {
        let bytes = try keyFrame()
        let whole = try decoder.decode(bytes, largest: .standard)
        for count in stride(from: bytes.count - 1, to: 0, by: -7) {
            if let frame = decodeAny(Array(bytes.prefix(count))) { #expect(frame == whole) }
        }
    }

    @Test(arguments: 0..<8)
    func bitFlipsNeverTrap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let bytes = try keyFrame(width: 96, height: 64, quantizer: 20 + Int(seed) * 5)
        var decoded = 0
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Half of the flips fall on the headers, where they do most.
                let last = Bool.random(using: &random) ? min(60, damaged.count) : damaged.count
                damaged[Int.random(in: 0..<last, using: &random)] ^=
                    1 << UInt8.random(in: 0...7, using: &random)
            }
            if Bool.random(using: &random) {
                damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
            }
            if decodeAny(damaged) != nil { decoded += 1 }
        }
        // Both ways out were taken: VP8 has no checksum, so some damage gives a wrong picture.
        #expect((1..<500).contains(decoded))
    }

    @Test(arguments: 0..<4)
    func randomBytesNeverTrap(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<1000 {
            var bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // A start code by chance is one in sixteen million.
            #expect(decodeAny(bytes) == nil)
            // The same behind a header that passes, so that libvpx sees the noise too.
            bytes = [0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 64, 0, 48, 0] + bytes
            _ = decodeAny(bytes)
        }
    }

    @Test func aFrameAfterADamagedOneIsUnharmed() throws {
        let bytes = try keyFrame()
        let whole = try decoder.decode(bytes, largest: .standard)
        #expect(decodeAny(Array(bytes.prefix(300))) == nil)
        #expect(try decoder.decode(bytes, largest: .standard) == whole)
    }

    @Test func largerPicturesThanAllowedAreRefused() throws {
        let bytes = try keyFrame(width: 258, height: 256)
        #expect(throws: CodecError.corrupt(reason: "a picture of 258x256, larger than 256x256")) {
            try decoder.decode(bytes, largest: .standard)
        }
    }

    /// One field of a good header made bad at a time (RFC 6386, section 9.1).
    @Test(arguments: [
        (0, 0x01, "not a key frame"), (0, 0x0e, "unknown version 7"),
        (0, 0x10, "the frame is not to be shown"), (3, 0x01, "no start code"),
        (4, 0x01, "no start code"), (5, 0x01, "no start code"),
        (6, 0x01, "a picture of 65x48"), (8, 0x01, "a picture of 64x49"),
        (6, 0x40, "a picture of 0x48"), (7, 0x20, "a picture of 8256x48"),
        (2, 0x80, "the first partition is cut off"),
    ])
    func badHeadersAreRefused(place: Int, flip: UInt8, reason: String) throws {
        var bytes = try keyFrame(width: 64, height: 48)
        bytes[place] ^= flip
        #expect(throws: CodecError.corrupt(reason: reason)) {
            try decoder.decode(bytes, largest: .standard)
        }
    }

    @Test func interFramesAreRefused() {
        #expect(decodeAny([0x31, 0x01, 0x00] + [UInt8](repeating: 0, count: 40)) == nil)
    }
}
