import CFFmpeg
import Media
import Testing

import Capture

/// Colours from other matrices and ranges become BT.601, limited range.
@Suite struct ColourTests {
    /// Primaries and white in BT.709 and in BT.601, limited range (ITU-R BT.709-6, BT.601-7).
    private static let colours: [(bt709: [UInt8], full709: [UInt8], bt601: [Int])] = [
        ([63, 102, 240], [54, 99, 255], [81, 90, 240]),
        ([173, 42, 26], [182, 29, 12], [145, 54, 34]),
        ([32, 240, 118], [18, 255, 116], [41, 240, 110]),
        ([235, 128, 128], [255, 128, 128], [235, 128, 128]),
    ]

    /// A flat 4:4:4 picture, converted; its Y, U and V.
    private func convert(
        _ values: [UInt8], width: Int32 = 32, height: Int32 = 32,
        matrix: AVColorSpace = AVCOL_SPC_BT709, range: AVColorRange = AVCOL_RANGE_MPEG
    ) throws -> [Int] {
        var picture = unsafe av_frame_alloc()
        defer { unsafe av_frame_free(&picture) }
        let filled = try unsafe #require(picture)
        unsafe filled.pointee.width = width
        unsafe filled.pointee.height = height
        unsafe filled.pointee.format = AV_PIX_FMT_YUV444P.rawValue
        unsafe filled.pointee.colorspace = matrix
        unsafe filled.pointee.color_range = range
        try #require(unsafe av_frame_get_buffer(filled, 0) == 0)
        let planes = unsafe [filled.pointee.data.0, filled.pointee.data.1, filled.pointee.data.2]
        let strides = unsafe [
            filled.pointee.linesize.0, filled.pointee.linesize.1, filled.pointee.linesize.2,
        ]
        for index in 0..<3 {
            let count = Int(strides[index] * height)
            unsafe planes[index]?.update(repeating: values[index], count: count)
        }
        let size = try #require(PictureSize(width: 32, height: 32))
        let converter = PictureConverter(
            VideoInput("picture"), size: size, crop: nil, rotation: .none)
        let frame = try unsafe converter.convert(filled, time: .zero)
        return [Int(frame.middle), Int(frame.u[100]), Int(frame.v[100])]
    }

    @Test(arguments: 0..<4) func bt709BecomesBT601(index: Int) throws {
        let colour = Self.colours[index]
        for side: Int32 in [32, 80] {
            let limited = try convert(colour.bt709, width: side, height: side)
            #expect(zip(limited, colour.bt601).allSatisfy { abs($0 - $1) <= 2 }, "\(limited)")
            let full = try convert(
                colour.full709, width: side, height: side, range: AVCOL_RANGE_JPEG)
            #expect(zip(full, colour.bt601).allSatisfy { abs($0 - $1) <= 2 }, "\(full)")
        }
    }

    @Test(arguments: 0..<4) func untaggedHighDefinitionIsBT709(index: Int) throws {
        let colour = Self.colours[index]
        let found = try convert(
            colour.bt709, width: 80, height: 720, matrix: AVCOL_SPC_UNSPECIFIED,
            range: AVCOL_RANGE_UNSPECIFIED)
        #expect(zip(found, colour.bt601).allSatisfy { abs($0 - $1) <= 2 }, "\(found)")
    }

    @Test func untaggedStandardDefinitionIsBT601() throws {
        let found = try convert(
            [81, 90, 240], matrix: AVCOL_SPC_UNSPECIFIED, range: AVCOL_RANGE_UNSPECIFIED)
        #expect(found == [81, 90, 240])
    }

    @Test func bitPackedPicturesAreRefused() throws {
        var picture = unsafe av_frame_alloc()
        defer { unsafe av_frame_free(&picture) }
        let packed = try unsafe #require(picture)
        unsafe packed.pointee.width = 64
        unsafe packed.pointee.height = 64
        unsafe packed.pointee.format = AV_PIX_FMT_MONOWHITE.rawValue
        try #require(unsafe av_frame_get_buffer(packed, 0) == 0)
        let converter = PictureConverter(
            VideoInput("picture"), size: .standard, crop: nil, rotation: .none)
        #expect(throws: CaptureError.self) { try unsafe converter.convert(packed, time: .zero) }
    }
}
