import Foundation
import Media

/// Lays the original, this codec and others at the same rate side by side, as a video in step and as
/// a sheet of pictures.
///
/// They show the people of the clip: they belong into the folder of results and nowhere else.
struct SideBySide {
    let ffmpeg: FFmpegProgram
    /// Where the coded files of the clip lie.
    let scratch: String
    let folder: String

    /// What the folder is called in a folder of results.
    static let folderName = "side-by-side"

    /// Codecs that stand beside this one, where they were measured.
    private static let peers = ["av1-svt", "h265", "h266", "vp8"]
    private static let sheetRows = 4

    /// What stands beside the clip's own pictures: a file and how to read it, and what it is.
    private struct Column {
        let input: [String]
        let row: RateQualityRow
    }

    /// Writes `NAME.mp4`, `NAME.jpg` and `NAME.json`, which says what the columns are.
    func make(_ clip: String, _ rows: [RateQualityRow], _ plan: Plan) throws {
        let columns = columns(rows, plan)
        guard !columns.isEmpty else { return }
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        // ffmpeg runs in the folder with the coded files.
        let folder = URL(filePath: folder).path
        let name = "\(folder)/\(clip.replacing("/", with: "_"))"
        let inputs = ["-i", ClipCoder.original] + columns.flatMap(\.input)
        let labels = (0...columns.count).map { "[\($0):v]" }.joined()
        let stack = "\(labels)hstack=inputs=\(columns.count + 1)"
        _ = try ffmpeg.run(
            inputs + [
                "-lavfi", stack + ",format=yuv420p", "-c:v", "libx264", "-crf", "20", "-preset",
                "medium", "-movflags", "+faststart", "\(name).mp4",
            ], in: scratch)
        let pictures = columns[0].row.pictures
        let step = max(1, pictures / Self.sheetRows)
        _ = try ffmpeg.run(
            [
                "-i", "\(name).mp4", "-vf",
                "select=not(mod(n-\(step / 2)\\,\(step))),tile=1x\(Self.sheetRows):padding=4:color=white",
                "-frames:v", "1", "-fps_mode", "passthrough", "-q:v", "3", "\(name).jpg",
            ], in: scratch)
        let captions =
            ["original"]
            + columns.map { Caption($0.row, matched: columns[0].row.payloadRate).text }
        try JSONEncoder().encode(captions).write(to: URL(filePath: "\(name).json"))
    }

    /// This codec at its setting in the middle, and of each other the one nearest in rate.
    private func columns(_ rows: [RateQualityRow], _ plan: Plan) -> [Column] {
        let size = "\(PictureSize.standard)"
        let rate = "\(PictureRate.standard.picturesPerSecond)"
        guard let own = plan.own, !own.settings.isEmpty else { return [] }
        let setting = own.settings[own.settings.count / 2]
        let file = OwnCodec.pictures(setting)
        guard
            let mine = rows.first(where: {
                $0.codec == OwnCodec.name && $0.setting == setting.name
            }), exists(file)
        else { return [] }
        var columns = [
            Column(
                input: [
                    "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size, "-r", rate, "-i", file,
                ],
                row: mine)
        ]
        for name in Self.peers {
            guard let codec = plan.codecs.first(where: { $0.codec.name == name })?.codec else {
                continue
            }
            let nearest = rows.filter { $0.codec == name }.min {
                abs($0.payloadRate - mine.payloadRate) < abs($1.payloadRate - mine.payloadRate)
            }
            guard let nearest, let quantizer = Int(nearest.setting) else { continue }
            let file = ClipCoder.coded(codec, quantizer: quantizer)
            // Raw streams have no times of their own.
            let rateOption = codec.format.container == "ivf" ? [] : ["-r", rate]
            if exists(file) {
                columns.append(Column(input: rateOption + ["-i", file], row: nearest))
            }
        }
        return columns
    }

    private func exists(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(scratch)/\(file)")
    }
}
