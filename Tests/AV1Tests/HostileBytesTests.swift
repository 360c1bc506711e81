import AV1
import Media
import TestSupport
import Testing
import VideoCoding

@Suite struct HostileBytesTests {
    let decoder = AV1StillDecoder()

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

    private func stillPicture(
        width: Int = 256, height: Int = 256, quantizer: Int = 30
    ) throws -> [UInt8] {
        let size = try #require(PictureSize(width: width, height: height))
        let picture = try #require(texturedPicture(size))
        return try AV1StillEncoder().encode(picture, quantizer: quantizer)
    }

    @Test func everyTruncationIsRefused() throws {
        for bytes in [try stillPicture(width: 64, height: 48), try stillPicture()] {
            // Units name their sizes, so nothing that is missing goes unseen.
            for count in 0..<bytes.count { #expect(decodeAny(Array(bytes.prefix(count))) == nil) }
        }
    }

    @Test func whatFollowsTheFrameIsRefused() throws {
        let bytes = try stillPicture(width: 64, height: 48)
        for more in [[0x12, 0x00], [0x00], Array(bytes), Array(bytes.dropFirst(9))] as [[UInt8]] {
            #expect(decodeAny(bytes + more) == nil)
        }
    }

    @Test(arguments: 0..<8)
    func bitFlipsNeverTrap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let bytes = try stillPicture(width: 96, height: 64, quantizer: 20 + Int(seed) * 5)
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
        // Both ways out were taken: AV1 has no checksum, so some damage gives a wrong picture.
        #expect((1..<500).contains(decoded))
    }

    @Test(arguments: 0..<4)
    func randomBytesNeverTrap(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let whole = try stillPicture(width: 64, height: 48)
        let sequence = Array(whole.prefix(2 + Int(whole[1])))
        for _ in 0..<1000 {
            var bytes = (0..<Int.random(in: 0...600, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = decodeAny(bytes)
            // The same behind headers that pass, so that dav1d sees the noise too.
            let size = [UInt8(bytes.count & 0x7f) | 0x80, UInt8(bytes.count >> 7)]
            bytes = sequence + [0x32] + size + bytes
            _ = decodeAny(bytes)
        }
    }

    @Test func aFrameAfterADamagedOneIsUnharmed() throws {
        let bytes = try stillPicture()
        let whole = try decoder.decode(bytes, largest: .standard)
        #expect(decodeAny(Array(bytes.prefix(300))) == nil)
        #expect(try decoder.decode(bytes, largest: .standard) == whole)
    }

    @Test func largerPicturesThanAllowedAreRefused() throws {
        let bytes = try stillPicture(width: 258, height: 256)
        #expect(throws: CodecError.corrupt(reason: "a picture of 258x256, larger than 256x256")) {
            try decoder.decode(bytes, largest: .standard)
        }
    }

    /// One field of a good header made bad at a time (AV1 specification, sections 5.3.2 and 5.5.1).
    @Test(arguments: [
        (0, 0x80, "a unit's header is 138"), (0, 0x04, "a unit's header is 14"),
        (0, 0x02, "a unit's header is 8"),
        (0, 0x18, "no sequence header, but a unit of type 2"),
        (1, 0x40, "a unit is cut off"),
        (2, 0x20, "not AV1's main profile"), (2, 0x10, "not a still picture"),
        (2, 0x08, "not a still picture"),
    ])
    func badHeadersAreRefused(place: Int, flip: UInt8, reason: String) throws {
        var bytes = try stillPicture(width: 64, height: 48)
        if place == 1 { bytes.removeLast(bytes.count - 20) }
        bytes[place] ^= flip
        #expect(throws: CodecError.corrupt(reason: reason)) {
            try decoder.decode(bytes, largest: .standard)
        }
    }

    /// Sequence headers written by hand: width and height, and the bits behind them.
    @Test(arguments: [
        (65, 48, 0, "a picture of 65x48"), (64, 49, 0, "a picture of 64x49"),
        (64, 48, 2, "a picture of more than 8 bits, or without colour"),
        (64, 48, 1, "a picture of more than 8 bits, or without colour"),
    ])
    func unusualPicturesAreRefused(
        width: Int, height: Int, depth: Int, reason: String
    ) throws {
        // Profile 0, still, reduced, level 0, 8 bits of width and of height, no tools.
        let bits =
            "000" + "11" + "00000" + "0111" + "0111" + binary(width - 1, 8) + binary(height - 1, 8)
            + "000000" + binary(depth, 2)
        let sequence = try stride(from: 0, to: 48, by: 8).map { place in
            let padded = (bits + "0000000000").dropFirst(place).prefix(8)
            return try #require(UInt8(padded, radix: 2))
        }
        #expect(throws: CodecError.corrupt(reason: reason)) {
            try decoder.decode([0x0a, 6] + sequence + [0x32, 1, 0x10], largest: .standard)
        }
    }

    private func binary(_ value: Int, _ count: Int) -> String {
        let digits = String(value, radix: 2)
        return String(repeating: "0", count: count - digits.count) + digits
    }
}
