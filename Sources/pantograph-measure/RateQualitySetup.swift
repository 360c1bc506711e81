import Foundation
import NeuralVideo
import Pipeline
import RateQuality

/// Makes a plan of what ``RateQualityCommand`` was told, and names what cannot be had.
struct RateQualitySetup {
    private let options: RateQualityCommand
    private let ffmpeg: FFmpegSearch

    init(_ options: RateQualityCommand) {
        self.options = options
        ffmpeg = FFmpegSearch(named: options.ffmpeg)
    }

    /// This codec's settings, coarsest first: quantiser of the first source, step of keypoints, and the rate at
    /// which sources are added during the clip: in clips of a few seconds a finer first source pays more, up to some
    /// 7 kbit/s.
    static let settings = [
        setting(quantizer: 63, step: 15), setting(quantizer: 56, step: 12),
        setting(quantizer: 46, step: 9),
        setting(quantizer: 38, step: 7), setting(quantizer: 30, step: 6),
        setting(quantizer: 24, step: 5), setting(quantizer: 30, step: 6, sourceRate: 8),
        setting(quantizer: 24, step: 5, sourceRate: 12, leastGain: 0.1),
        setting(quantizer: 20, step: 4, sourceRate: 24, leastGain: 0.05),
        setting(quantizer: 16, step: 3, sourceRate: 48, leastGain: 0.02),
    ]

    private static func setting(
        quantizer: Int, step: Int, sourceRate: Int = 0, leastGain: Double = 0.3
    ) -> OwnCodec.Setting {
        // A link that brings the source at once, and the datagrams of slow calls.
        let arguments = [
            "--rate", "1000", "--pictures-per-datagram", "3",
            "--source-quantizer", "\(quantizer)", "--step", "\(step)",
        ]
        guard sourceRate > 0 else {
            return OwnCodec.Setting(name: "q\(quantizer)", arguments: arguments)
        }
        return OwnCodec.Setting(
            name: "q\(quantizer) +\(sourceRate)",
            arguments: arguments
                + ["--source-rate", "\(sourceRate)", "--least-gain", "\(leastGain)"])
    }

    var jobs: Int { options.jobs ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Counters of the whole machine say something only where one thing runs at a time.
    var energy: EnergyMeter? { jobs == 1 ? EnergyMeter() : nil }

    /// The clips by their paths in the folder, those of the shard.
    func clips() throws -> [RateQualityRun.Clip] {
        let folder = try ClipFolder(options.clips, every: options.clipsEvery)
        let base = URL(filePath: options.clips).standardizedFileURL.path
        let named = folder.clips.enumerated().map { number, clip in
            let path = clip.standardizedFileURL.deletingPathExtension().path
            let name = path.hasPrefix(base + "/") ? String(path.dropFirst(base.count + 1)) : path
            return RateQualityRun.Clip(
                name: name, url: clip,
                isForSlow: number.isMultiple(of: options.slowClipsEvery))
        }
        return options.shard?.part(of: named) ?? named
    }

    func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: options.out, withIntermediateDirectories: true)
        } catch {
            throw ReportError.cannotWrite(path: options.out, reason: error.localizedDescription)
        }
    }

    /// The ffmpeg program; nothing where it cannot be run, which ``missing(_:)`` tells of.
    func program() -> FFmpegProgram? { try? FFmpegProgram(ffmpeg.path, scratch: options.out) }

    /// What can be measured of what was asked for.
    func plan(_ program: FFmpegProgram?, _ weights: MeasureTools.Weights) -> Plan {
        let codecs = options.codecs.codecs.filter { program?.canEncode($0.encoder) ?? false }
        return Plan(
            every: options.every,
            own: options.codecs.includesOwn ? own : nil,
            codecs: codecs.map { codec in
                let count =
                    codec.use == .slow ? options.slowPoints ?? options.points : options.points
                return (codec, codec.quantizers(count))
            },
            weights: weights,
            measuresVMAF: program?.canFilter("libvmaf") ?? false,
            wantsPictures: !options.noPictures)
    }

    private var own: OwnCodec {
        OwnCodec(
            program: Self.program,
            command: ["clip-call", "--threads", "1"]
                + (options.model.map { ["--model", absolute($0)] } ?? []),
            settings: spread(Self.settings, options.points))
    }

    /// What stands above a report.
    func description(
        _ plan: Plan, _ program: FFmpegProgram?, clipCount: Int
    ) throws -> RunDescription {
        let files =
            try options.model.map { path throws(ModelError) in
                try ModelFiles(folder: path)
            } ?? .shipped()
        var told = Dictionary(
            uniqueKeysWithValues: plan.codecs.map {
                ($0.codec.name, ["-c:v", $0.codec.encoder] + $0.codec.options)
            })
        if let own = plan.own {
            told[OwnCodec.name] = own.settings.map {
                "\($0.name): \($0.arguments.joined(separator: " "))"
            }
        }
        return RunDescription(
            conditions: RunDescription.Conditions(
                every: options.every, ffmpeg: program?.version, options: told,
                network: plan.own == nil
                    ? nil : files.weightsHash.map { String(format: "%02x", $0) }.joined(),
                metrics: plan.weights.digests),
            machine: .here, command: Self.command, clipCount: clipCount, jobs: jobs,
            leftOut: leftOut, encoders: program.map { encoders(plan, $0) })
    }

    /// Versions of what encodes.
    private func encoders(_ plan: Plan, _ program: FFmpegProgram) -> [String: String] {
        let names = Set(plan.codecs.map(\.codec.encoder))
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { name in
                program.version(of: name, scratch: options.out).map { (name, $0) }
            })
    }

    /// Codecs that were asked for and cannot be had.
    func missing(_ program: FFmpegProgram?) -> [Problem] {
        guard let program else {
            guard !options.codecs.codecs.isEmpty else { return [] }
            return [
                Problem(
                    reason:
                        "other codecs and VMAF are not measured: \(ffmpeg.path) is no ffmpeg "
                        + "that can be run, name one by --ffmpeg")
            ]
        }
        var problems = options.codecs.codecs.filter { !program.canEncode($0.encoder) }.map {
            Problem(codec: $0.name, reason: "not measured: this ffmpeg lacks \($0.encoder)")
        }
        if !program.canFilter("libvmaf") {
            problems.append(Problem(reason: "VMAF is not measured: this ffmpeg lacks libvmaf"))
        }
        return problems
    }

    /// Measures for which no weights were given.
    private var leftOut: [String] {
        [
            ("LPIPS", options.lpips, "--lpips"),
            ("AKD and background motion", options.mtcnn, "--mtcnn"),
            ("DISTS", options.dists, "--dists"),
        ].filter { $0.1 == nil }.map { "\($0.0): no weights were given (\($0.2))" }
    }

    private func spread<Element>(_ all: [Element], _ count: Int) -> [Element] {
        guard count < all.count, count > 1 else { return all }
        return (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
    }

    /// This program.
    private static let program: String = {
        let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return link ?? CommandLine.arguments[0]
    }()

    /// The child runs in another folder.
    private func absolute(_ path: String) -> String { URL(filePath: path).path }

    /// The arguments, with names instead of paths: those are nobody else's.
    private static var command: String {
        let words = CommandLine.arguments.dropFirst().map { word in
            word.contains("/") && !word.contains(where: \.isWhitespace)
                && Shard(argument: word) == nil
                ? URL(filePath: word).lastPathComponent : word
        }
        return (["pantograph-measure"] + words).joined(separator: " ")
    }
}
