import Media
import RateQuality
import Testing

@Suite("Bitstreams as encoders write them")
struct BitstreamTests {
    private func ivf(_ frames: [[UInt8]]) -> [UInt8] {
        var file = Array("DKIF".utf8) + [UInt8](repeating: 0, count: 28)
        for frame in frames {
            file += [UInt8(frame.count & 0xFF), UInt8(frame.count >> 8), 0, 0]
            file += [UInt8](repeating: 0, count: 8) + frame
        }
        return file
    }

    @Test func framesOfIVFAreCounted() throws {
        let file = ivf([[1, 2, 3], [], [4]])
        let pictures = try BitstreamFormat.vp8.pictures(in: file)
        #expect(pictures.map(\.bytes) == [3, 0, 1])
        for length in 0..<file.count where length != 32 && length != 47 && length != 59 {
            #expect(throws: BitstreamError.self) {
                try BitstreamFormat.vp9.pictures(in: Array(file.prefix(length)))
            }
        }
    }

    @Test func unitsOfAV1AreCountedWithoutDelimiters() throws {
        // A temporal delimiter, a sequence header of 3 bytes, a frame of 130 with two bytes of size,
        // padding of 1, and a tile group without a size.
        let bytes: [UInt8] =
            [0x12, 0] + [0x0A, 3, 7, 7, 7] + [0x32, 0x82, 0x01] + [UInt8](repeating: 9, count: 130)
            + [0x7A, 1, 0] + [0x20, 5, 5]
        let picture = try #require(try BitstreamFormat.av1.pictures(in: ivf([bytes])).first)
        // Their headers stay, their size fields go.
        #expect(picture.parts == [4, 131, 3])
        #expect(picture.bytes == 5 + 133 + 3)
        // With extension: a byte more.
        let extended = try #require(
            try BitstreamFormat.av1.pictures(in: ivf([[0x36, 0, 2, 1, 1]])).first)
        #expect(extended.parts == [4] && extended.bytes == 5)
    }

    @Test(arguments: [[0x32, 5, 1], [0x32], [0x32, 0x80], [0x92, 0], [0x36]] as [[UInt8]])
    func brokenUnitsOfAV1AreErrors(bytes: [UInt8]) {
        #expect(throws: BitstreamError.self) {
            try BitstreamFormat.av1.pictures(in: ivf([bytes]))
        }
    }

    @Test func unitsOfAnnexBAreCountedWithoutWhatNobodyNeeds() throws {
        func h264(_ units: [[UInt8]]) throws -> [CodedPicture] {
            try BitstreamFormat.h264.pictures(in: units.flatMap { [0, 0, 0, 1] + $0 })
        }
        // SPS, PPS, SEI, IDR slice with zeros behind it; delimiter, slice.
        let found = try h264([
            [0x67, 1, 1], [0x68, 1], [0x06, 5, 5, 5], [0x65, 9, 9, 9, 9, 0, 0], [0x09, 0x10],
            [0x41, 1, 2],
        ])
        #expect(found.map(\.parts) == [[3, 2, 5], [3]])
        #expect(found.map(\.bytes) == [10, 3])
        // H.265: VPS 32, SEI 39, IDR 19, trailing 1. H.266: SPS 15, APS 17, SEI 23, IDR 7, trailing 0.
        let h265 = try BitstreamFormat.h265.pictures(
            in: [0, 0, 1, 0x40, 1, 2, 0, 0, 1, 0x4E, 1, 9, 0, 0, 1, 0x26, 1, 3, 0, 0, 1, 0x02, 1])
        #expect(h265.map(\.parts) == [[3, 3], [2]])
        let h266 = try BitstreamFormat.h266.pictures(
            in: [0, 0, 1, 0, 0x79, 2, 0, 0, 1, 0, 0x89, 9, 0, 0, 1, 0, 0xB9, 3, 0, 0, 1, 0, 0x39]
                + [0, 0, 1, 0, 0x01, 4])
        #expect(h266.map(\.parts) == [[3, 3, 2], [3]])
    }

    @Test func nothingIsNothing() throws {
        #expect(try BitstreamFormat.h264.pictures(in: []).isEmpty)
        #expect(try BitstreamFormat.h265.pictures(in: [0, 0, 1]).isEmpty)
        #expect(try BitstreamFormat.h266.pictures(in: [1, 2, 3, 0, 0]).isEmpty)
    }

    private func payloads(_ parts: [Int], _ format: BitstreamFormat) -> [Int] {
        RTPPackets(CodedPicture(parts: parts, bytes: parts.reduce(0, +)), format: format).payloads
    }

    @Test func packetsAreAsTheirFormatsSay() {
        #expect(payloads([100], .vp8) == [101])
        // 1188 bytes behind the RTP header.
        #expect(payloads([1187], .vp9) == [1188])
        #expect(payloads([1188], .vp9) == [595, 595])
        #expect(payloads([], .av1) == [] && payloads([0], .vp8) == [])
        // One length of two bytes for the first of two elements, then four of one byte.
        #expect(payloads([200, 50], .av1) == [1 + 2 + 250])
        #expect(payloads([10, 10, 10, 10], .av1) == [1 + 4 + 40])
        #expect(payloads([700], .h264) == [700])
        // STAP-A: its header and a length for each unit.
        #expect(payloads([20, 5, 700], .h264) == [1 + 2 * 3 + 725])
        // FU-A: two bytes in place of the unit's own one.
        #expect(payloads([20, 1189], .h264) == [20, 2 + 594, 2 + 594])
        #expect(payloads([20, 5, 700], .h265) == [2 + 2 * 3 + 725])
        #expect(payloads([1190], .h266) == [3 + 594, 3 + 594])
        let packets = RTPPackets(CodedPicture(parts: [1188], bytes: 1188), format: .vp8)
        #expect(packets.wire == DataSize(bytes: 1188 + 2 * (1 + 12 + 28)))
    }
}
