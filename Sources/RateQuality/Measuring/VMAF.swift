package import Foundation
import Media

/// VMAF by an ffmpeg program (Netflix, model v0.6.1).
package struct VMAF {
    let ffmpeg: FFmpegProgram
    let folder: String

    private static let log = "vmaf.json"

    /// The part of libvmaf's log that is read.
    private struct Log: Decodable {
        struct Frame: Decodable {
            struct Metrics: Decodable { let vmaf: Double? }
            let frameNum: Int
            let metrics: Metrics
        }
        let frames: [Frame]
    }

    /// VMAF of each `every`-th of the pictures in a file of plain I420.
    func measure(_ pictures: String, every: Int) throws -> [Double] {
        let options = "log_fmt=json:log_path=\(Self.log):n_subsample=\(every):n_threads=1"
        _ = try ffmpeg.run(
            [
                "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "\(PictureSize.standard)", "-r",
                "\(PictureRate.standard.picturesPerSecond)", "-i", pictures, "-i",
                ClipCoder.original, "-lavfi", "[0:v][1:v]libvmaf=\(options)", "-f", "null", "-",
            ], in: folder)
        guard let data = FileManager.default.contents(atPath: "\(folder)/\(Self.log)") else {
            throw RawPictures.Failure.cannotRead(Self.log)
        }
        return try Self.values(in: data)
    }

    /// The values in libvmaf's log (JSON), in the order of pictures; pictures without one are left out.
    ///
    /// - Throws: `DecodingError`.
    package static func values(in log: Data) throws -> [Double] {
        let frames = try JSONDecoder().decode(Log.self, from: log).frames
        return frames.sorted { $0.frameNum < $1.frameNum }.compactMap(\.metrics.vmaf)
    }
}
