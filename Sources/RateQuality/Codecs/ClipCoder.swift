import Foundation
import Media

/// Codes one clip by classical codecs and back, in a folder for its files.
package struct ClipCoder {
    /// What lies in the folder: the pictures as they are, and plain pictures that came back.
    package static let original = "original.y4m"
    package static let decoded = "decoded.yuv"

    private let ffmpeg: FFmpegProgram
    private let folder: String
    private let pictureCount: Int
    private let energy: EnergyMeter?
    /// What ffmpeg costs without any codec: reading, writing, and its own start; taken off from all.
    private let bare: (processor: Duration, joules: Double?)

    /// Begins with a clip whose pictures lie in the folder.
    package init(
        _ ffmpeg: FFmpegProgram, folder: String, pictureCount: Int, energy: EnergyMeter?
    ) throws {
        self.ffmpeg = ffmpeg
        self.folder = folder
        self.pictureCount = pictureCount
        self.energy = energy
        let (outcome, joules) = try Self.metered(energy) {
            try ffmpeg.run(["-i", Self.original, "-f", "rawvideo", Self.decoded], in: folder)
        }
        bare = (outcome.processor, joules)
    }

    /// The name of a coded clip in the folder.
    static func coded(_ codec: ClassicalCodec, quantizer: Int) -> String {
        "\(codec.name)-\(quantizer).\(codec.format.container)"
    }

    /// Codes the clip and decodes it again.
    ///
    /// - Throws: `ChildProcess.Failure`, `BitstreamError`, `RawPictures.Failure`.
    package func run(_ codec: ClassicalCodec, quantizer: Int) throws -> CodecOutput {
        let file = Self.coded(codec, quantizer: quantizer)
        let encoding = try measured {
            try ffmpeg.run(
                ["-i", Self.original, "-an", "-c:v", codec.encoder]
                    + codec.options(quantizer: quantizer)
                    + ["-fps_mode", "passthrough", "-f", codec.format.container, file],
                in: folder)
        }
        let decoding = try measured { try decode(file, to: Self.decoded) }
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/\(file)") else {
            throw RawPictures.Failure.cannotRead(file)
        }
        let pictures = try codec.format.pictures(in: [UInt8](bytes))
        let packets = pictures.map { RTPPackets($0, format: codec.format) }
        return CodecOutput(
            payload: DataSize(bytes: pictures.reduce(0) { $0 + $1.bytes }),
            wire: packets.reduce(.zero) { $0 + $1.wire },
            packets: packets.reduce(0) { $0 + $1.payloads.count }, encode: encoding,
            decode: decoding, pictures: "\(folder)/\(Self.decoded)")
    }

    /// Decodes a coded clip of the folder to plain pictures.
    @discardableResult
    func decode(_ file: String, to output: String) throws -> ChildProcess.Outcome {
        // Ten-bit pictures are rounded, not dithered: noise would be counted as an error.
        try ffmpeg.run(
            [
                "-threads", "1", "-i", file, "-fps_mode", "passthrough", "-vf",
                "scale=sws_dither=none,format=yuv420p", "-f", "rawvideo", output,
            ], in: folder)
    }

    private func measured(
        _ body: () throws -> ChildProcess.Outcome
    ) throws -> CodecOutput.Cost {
        let (outcome, joules) = try Self.metered(energy, body)
        return CodecOutput.Cost(
            processor: max(.zero, outcome.processor - bare.processor),
            peakMemory: outcome.peakMemory,
            joules: joules.flatMap { joules in bare.joules.map { max(0, joules - $0) } })
    }

    private static func metered(
        _ energy: EnergyMeter?, _ body: () throws -> ChildProcess.Outcome
    ) throws -> (ChildProcess.Outcome, joules: Double?) {
        guard let energy else { return (try body(), nil) }
        return try energy.measured(body)
    }
}
