import ArgumentParser
import Capture
import Foundation
import Media
import NetworkEmulation
import Pipeline
import ProgramOptions
import Quality
import RateQuality
import Security
import Session
import VideoCoding

/// A whole call over a link that has a name.
struct LinkCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Makes a whole call over an emulated link, and tells what came of it.",
        discussion: """
            Handshake, sealing, voice, congestion control, loss and playout as in a real call, on a virtual clock; the voice is a
            filler of the right size. Writes one line of JSON; with --out also LINK.svg and LINK.png, the call over its time with
            what the sender decided, and LINK.trace.jsonl, the same as lines of JSON: decisions (source, fallback), each second, and
            each picture.

            Example: what a satellite telephone makes of a minute
              pantograph-measure call --link bgan-16 --clip talk.mp4 --seconds 60 --out bgan/

            Links:
            \(NamedLink.all.map { "  \($0.name): \($0.meaning)" }.joined(separator: "\n"))
            """)

    @Option(help: ArgumentHelp("The link's name.", valueName: "name"))
    var link: String

    @Option(help: ArgumentHelp("Video of a talking head.", valueName: "file"))
    var clip: String

    @Option(
        help: ArgumentHelp(
            "So long a call; a clip that is shorter goes forwards and backwards.",
            valueName: "seconds"))
    var seconds: Seconds?

    @Option(
        help: ArgumentHelp(
            "A folder for plot and trace; made if it is not there.", valueName: "folder"))
    var out: String?

    @Option(help: FFmpegSearch.help)
    var ffmpeg: String?

    @Option(
        help: ArgumentHelp(
            "LPIPS weights (safetensors), for the perceptual distance.", valueName: "file"))
    var lpips: String?

    @Option(help: ArgumentHelp("Measure each n-th picture.", valueName: "n"))
    var every = 5

    @Option(
        help: ArgumentHelp("Seed of the link: equal seeds give equal fates.", valueName: "number"))
    var seed: UInt64 = 1

    @Flag(help: "No voice.")
    var noVoice = false

    @Flag(help: "Hold the last picture where keypoints are missing rather than make some up.")
    var hold = false

    @Option(
        help: ArgumentHelp(
            "Which pictures become sources later: first (none), interval:N, adaptive.",
            valueName: "policy"))
    var sourcePolicy = SourcePolicyName.adaptive

    @Option(
        help: ArgumentHelp(
            "What is shown where warping fails: vp8, still, off; as for pantograph-send.",
            valueName: "what"))
    var fallback = FallbackName.vp8

    @OptionGroup(title: "Coding") var coding: CodingOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    func validate() throws {
        guard NamedLink(named: link) != nil else {
            let names = NamedLink.all.map(\.name).joined(separator: ", ")
            throw ValidationError("--link \(link): there is no such link; use one of \(names)")
        }
        guard every > 0 else { throw ValidationError("--every \(every): use 1 or more") }
    }

    func run() async throws {
        guard let link = NamedLink(named: link) else { return }
        let plan = try coding.plan(hasSound: !noVoice)
        let rate = plan.pictureRate
        let count = seconds.map {
            max(1, Int(($0.duration.seconds * Double(rate.picturesPerSecond)).rounded()))
        }
        let source = try BackAndForth(
            VideoSource(try VideoReader(VideoInput(clip)), isCamera: false), count: count,
            rate: rate)
        let backends = try network.backends()
        let lpips = try lpips.map { path throws(QualityError) in
            try LPIPS(weights: path, engine: backends.engine, threads: network.threads)
        }
        let meter = LoopbackMeter(
            lpips: lpips, every: every, sheetRows: 0, sink: nil,
            progress: ProgressLine(isWanted: true), expected: source.expectedCount)
        var options = SimulatedCall.Options(plan: plan)
        options.link = link.there
        options.linkBack = link.back
        options.turns = link.turns
        options.seed = seed
        options.playout = .live
        options.adapts = true
        var random = SplitMix64(seed: seed)
        options.credentials = .shared(PreSharedKey(using: &random))
        let decoder = try backends.decoder()
        decoder.makesUp = !hold
        let call = try SimulatedCall(
            encoder: try backends.encoder(), decoder: decoder, size: .standard, options: options,
            choice: try backends.sourceChoice(
                sourcePolicy.kind, quantizer: plan.sourceQuantizer, fallback: fallback.kind))
        let result = try call.run(source, stills: []) { try meter.take($0) }
        try meter.finish()
        let report = report(result, plan, meter)
        let line = try JSONEncoder.sorted.encode(report)
        print(String(decoding: line, as: UTF8.self))
        if let out { try store(result.trace, meter, rate, in: out) }
    }

    private func report(
        _ result: SimulationResult, _ plan: CallPlan, _ meter: LoopbackMeter
    ) -> LinkCallReport {
        let count = Double(max(1, result.sentPictures))
        let time = result.mediaTime + result.timeToFirstSet
        let targets = result.trace.moments.map(\.target.kilobitsPerSecond)
        let copied = meter.copiedQuality?.lpips?.mean
        return LinkCallReport(
            link: link, seed: seed, clip: URL(filePath: clip).lastPathComponent,
            promised: plan.rate.kilobitsPerSecond, seconds: round3(result.mediaTime.seconds),
            rate: round3(Bitrate(result.wire, over: time).kilobitsPerSecond),
            largestRate: round3(
                Bitrate(result.largestTwoSeconds, over: .seconds(2)).kilobitsPerSecond),
            returnRate: round3(Bitrate(result.returnWire, over: time).kilobitsPerSecond),
            target: round3(targets.reduce(0, +) / Double(max(1, targets.count))),
            shown: round3(Double(result.generatedPictures) / count),
            madeUp: round3(Double(result.madeUpPictures) / count),
            streamed: round3(Double(result.streamedPictures) / count),
            held: round3(
                max(
                    0,
                    1 - Double(
                        result.generatedPictures + result.madeUpPictures + result.streamedPictures)
                        / count)),
            looks: result.trace.looks.count,
            laterSources: result.trace.looks.count { $0.source != nil },
            stepsAside: result.trace.asides.count { $0.from == DecisionStrip.usual },
            longestFreeze: round3(result.trace.longestFreeze(plan.pictureRate.interval).seconds),
            freezeBeyondLoss: round3(
                result.trace.longestFreezeBeyondLoss(plan.pictureRate.interval).seconds),
            delayMedian: result.trace.delay(percentile: 50).map { round3($0.milliseconds) },
            delay95: result.trace.delay(percentile: 95).map { round3($0.milliseconds) },
            firstStill: result.timeToFirstStill.map { round3($0.seconds) },
            firstPicture: result.timeToFirstPicture.map { round3($0.seconds) },
            voiceConcealed: result.voiceTicks == 0
                ? nil : round3(Double(result.lostVoiceTicks) / Double(result.voiceTicks)),
            datagrams: result.datagrams, lostDatagrams: result.link.lost + result.link.dropped,
            lpips: meter.shownQuality?.lpips.map { round3($0.mean) }, copied: copied.map(round3))
    }

    private func store(
        _ trace: SimulationTrace, _ meter: LoopbackMeter, _ rate: PictureRate, in folder: String
    ) throws {
        let quality = meter.pictures.compactMap { row in
            row.lpips.map { (x: Double(row.picture) / Double(rate.picturesPerSecond), y: $0) }
        }
        let path = folder + "/\(link).svg"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            let svg = LinkCallPlot(title: "A call over \(link)", trace: trace, quality: quality).svg
            try Data(svg.utf8).write(to: URL(filePath: path))
        } catch {
            throw ReportError.cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
        try LinkCallTrace(trace: trace, quality: meter.pictures)
            .write(to: folder + "/\(link).trace.jsonl")
        do {
            try FFmpegProgram(FFmpegSearch(named: ffmpeg).path, scratch: folder)
                .drawPNG(of: link, in: folder)
        } catch {
            // The plot is there: a viewer of SVG will do.
            Notice.tell("no PNG of the plot: \(error)")
        }
    }

    private func round3(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}

extension JSONEncoder {
    /// One line, its keys in order.
    fileprivate static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return encoder
    }
}
