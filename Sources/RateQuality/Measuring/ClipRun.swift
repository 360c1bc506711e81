import Capture
import Foundation
import Media

/// Measures everything planned on one clip.
struct ClipRun {
    let plan: Plan
    let name: String
    let clip: URL
    /// A folder for the files of this clip alone; what lies there is of an earlier run.
    let folder: String
    let ffmpeg: FFmpegProgram?
    let energy: EnergyMeter?
    let tools: MeasureTools
    /// Which rows are there already.
    let done: Set<RateQualityRow.Key>
    /// Takes each row as it is made.
    let report: (RateQualityRow, PictureRow) throws -> Void
    /// Takes what went wrong; the run goes on.
    let complain: (Problem) -> Void

    /// Measures what is missing.
    ///
    /// - Throws: where the clip itself cannot be read, or rows cannot be written.
    func run() throws {
        let keys = plan.keys(name)
        guard keys.contains(where: { !done.contains($0) }) else { return }
        let pictures = try read()
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try RawPictures.write(pictures, rate: .standard, to: "\(folder)/\(ClipCoder.original)")
        let truth = try ClipTruth(pictures, every: plan.every, tools: tools)
        if let own = plan.own {
            for (order, setting) in own.settings.enumerated() {
                try attempt(OwnCodec.name, setting.name, order, truth, pictures.count) {
                    try own.run(setting, folder: folder, energy: energy)
                }
            }
        }
        guard let ffmpeg else { return }
        let coder = try ClipCoder(
            ffmpeg, folder: folder, pictureCount: pictures.count, energy: energy)
        for (codec, quantizers) in plan.codecs {
            for (order, quantizer) in quantizers.enumerated() {
                try attempt(codec.name, "\(quantizer)", order, truth, pictures.count) {
                    try coder.run(codec, quantizer: quantizer)
                }
            }
        }
    }

    private func read() throws -> [VideoFrame] {
        let reader = try VideoReader(VideoInput(clip.path))
        var pictures = [VideoFrame]()
        while let picture = try reader.next() { pictures.append(picture) }
        return pictures
    }

    private func attempt(
        _ codec: String, _ setting: String, _ order: Int, _ truth: ClipTruth, _ count: Int,
        _ code: () throws -> CodecOutput
    ) throws {
        let key = RateQualityRow.Key(clip: name, codec: codec, setting: setting)
        guard !done.contains(key) else { return }
        var row: RateQualityRow
        let pictures: PictureRow
        do {
            let output = try code()
            let values = try measure(output, truth, count)
            (row, pictures) = rows(key, order, count, output, values, truth.numbers)
            row.kind = truth.kind
        } catch {
            complain(Problem(clip: name, codec: codec, setting: setting, reason: "\(error)"))
            return
        }
        try report(row, pictures)
    }

    private func measure(
        _ output: CodecOutput, _ truth: ClipTruth, _ count: Int
    ) throws -> [Measure: [Double?]] {
        let shown = try RawPictures.read(
            output.pictures, size: .standard, count: count, numbers: truth.numbers)
        var values = try truth.measure(shown)
        if plan.measuresVMAF, let ffmpeg {
            let file = URL(filePath: output.pictures).lastPathComponent
            let vmaf = try VMAF(ffmpeg: ffmpeg, folder: folder).measure(file, every: plan.every)
            guard vmaf.count == truth.numbers.count else {
                throw RawPictures.Failure.count(expected: truth.numbers.count, found: vmaf.count)
            }
            values[.vmaf] = vmaf
        }
        return values
    }

    private func rows(
        _ key: RateQualityRow.Key, _ order: Int, _ count: Int, _ output: CodecOutput,
        _ values: [Measure: [Double?]], _ numbers: [Int]
    ) -> (RateQualityRow, PictureRow) {
        let duration = PictureRate.standard.interval * count
        func rate(_ size: DataSize) -> Double {
            rounded(Bitrate(size, over: duration).kilobitsPerSecond)
        }
        func each(_ duration: Duration) -> Double {
            rounded(duration.milliseconds / Double(count))
        }
        func mebibytes(_ size: DataSize) -> Double { rounded(Double(size.bytes) / 1_048_576) }
        var quality = [String: Spread]()
        for (measure, list) in values {
            quality[measure.rawValue] = Spread(
                list.compactMap(\.self), higherIsBetter: measure.higherIsBetter)
        }
        var row = RateQualityRow(
            clip: key.clip, codec: key.codec, setting: key.setting, order: order, pictures: count,
            measured: numbers.count, seconds: duration.seconds,
            payloadBytes: output.payload.bytes, wireBytes: output.wire.bytes,
            packets: output.packets, payloadRate: rate(output.payload),
            wireRate: rate(output.wire),
            encodeMilliseconds: each(output.encode.processor),
            decodeMilliseconds: each(output.decode.processor),
            encodeMebibytes: mebibytes(output.encode.peakMemory),
            decodeMebibytes: mebibytes(output.decode.peakMemory), quality: quality)
        row.parts = output.parts
        row.heldPictures = output.heldPictures
        func joules(_ cost: CodecOutput.Cost) -> Double? {
            cost.joules.map { ($0 / Double(count) * 1e6).rounded() / 1e6 }
        }
        row.encodeJoules = joules(output.encode)
        row.decodeJoules = joules(output.decode)
        let pictures = PictureRow(
            clip: key.clip, codec: key.codec, setting: key.setting, pictures: numbers,
            values: Dictionary(
                uniqueKeysWithValues: values.map { measure, list in
                    (measure.rawValue, list.map { $0.map { ($0 * 1e5).rounded() / 1e5 } })
                }))
        return (row, pictures)
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
