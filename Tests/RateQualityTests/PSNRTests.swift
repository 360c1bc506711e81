import Foundation
import Media
import Quality
import RateQuality
import TestSupport
import Testing

/// The program that is asked: `PANTOGRAPH_FFMPEG`, or the one that the shell would find.
private let ffmpeg: String? = {
    let variables = ProcessInfo.processInfo.environment
    if let named = variables["PANTOGRAPH_FFMPEG"] { return named }
    return (variables["PATH"] ?? "").split(separator: ":").map { "\($0)/ffmpeg" }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}()

@Suite("PSNR beside ffmpeg's", .enabled(if: ffmpeg != nil, "needs ffmpeg, see PANTOGRAPH_FFMPEG"))
struct PSNRTests {
    private static let (width, height) = (64, 48)

    /// A picture by formula, and the same with errors of up to `most`.
    private static func picture(_ number: Int, most: Int) throws -> RGBImage {
        var pixels = [UInt8]()
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    let plain = (x * x / 7 + y * (channel + 3) + number * 5) % 256
                    let error =
                        most == 0 ? 0 : (x * 31 + y * 17 + channel * 7) % (2 * most + 1) - most
                    pixels.append(UInt8(max(0, min(255, plain + error))))
                }
            }
        }
        return try #require(RGBImage(width: width, height: height, pixels: pixels))
    }

    @Test func isTheSameOverRedGreenAndBlue() throws {
        let folder = try TemporaryFolder()
        let errors = [1, 4, 12, 60]
        let originals = try errors.indices.map { try Self.picture($0, most: 0) }
        let rebuilt = try errors.enumerated().map { try Self.picture($0.offset, most: $0.element) }
        for (name, images) in [("original", originals), ("rebuilt", rebuilt)] {
            _ = try folder.write(images.flatMap(\.pixels), to: name)
        }
        func input(_ name: String) -> [String] {
            [
                "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(Self.width)x\(Self.height)", "-r",
                "25", "-i", name,
            ]
        }
        let program = try FFmpegProgram(try #require(ffmpeg), scratch: folder.path)
        _ = try program.run(
            input("rebuilt") + input("original") + [
                "-lavfi", "[0:v][1:v]psnr=stats_file=psnr.log", "-f", "null", "-",
            ], in: folder.path)
        let log = try String(contentsOfFile: folder.file("psnr.log"), encoding: .utf8)
        let theirs = log.matches(of: /psnr_avg:([\d.]+)/).compactMap { Double($0.1) }
        try #require(theirs.count == errors.count)
        for (index, value) in theirs.enumerated() {
            let ours = try PixelDistance(originals[index], rebuilt[index]).psnr
            // They write two digits.
            #expect(abs(ours - value) < 0.006, "\(errors[index])")
        }
    }
}
