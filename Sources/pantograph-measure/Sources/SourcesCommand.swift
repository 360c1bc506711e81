import ArgumentParser
import Capture
import Foundation
import Media
import Pipeline
import ProgramOptions
import Quality
import Session
import VideoCoding

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources",
        abstract: "Replays calls with other ways to choose sources and measures the quality.",
        discussion: """
            Each clip is played forth and back until --seconds have passed, or once without it, as a call \
            of each rate with each policy: on a virtual clock, over a perfect link, with the network, \
            beside a voice that never pauses and takes what the plan gives it. The receiver's picture is \
            rebuilt and measured at each n-th picture (--every); the sender looks at its call all the same.

            Policies: first (the first picture is the only source), interval:N (the newest picture each N \
            seconds), adaptive. A clip that cannot be measured is named and passed over; the exit status is then 1. \
            Fallbacks: vp8, still, off, as of pantograph-send; off without the option.

            Example:
              pantograph-measure sources --clips clips --rates 12.2,24 --policies first,interval:3,adaptive \\
                --seconds 20 --lpips lpips.safetensors --output rows.jsonl
            """)

    @Option(help: ArgumentHelp("Folder of videos; folders in it count.", valueName: "folder"))
    var clips: String

    @Option(
        help: ArgumentHelp(
            "Promised rates with commas between, 4 to 100000.", valueName: "kbit/s"))
    var rates = RateList([12.2, 16, 24, 32, 64])

    @Option(help: ArgumentHelp("Policies with commas between.", valueName: "list"))
    var policies = PolicyList([.first, .adaptive])

    @Option(
        help: ArgumentHelp(
            "What is shown where warping fails, with commas between: vp8, still, off.",
            valueName: "list"))
    var fallbacks = FallbackList([.off])

    @Option(
        help: ArgumentHelp(
            "Play each clip forth and back for so long; without it once.", valueName: "seconds"))
    var seconds: Seconds?

    @Option(help: ArgumentHelp("Rebuild and measure each n-th picture.", valueName: "n"))
    var every = 10

    @Option(help: ArgumentHelp("Measure each n-th clip.", valueName: "n"))
    var clipsEvery = 1

    @Option(help: ArgumentHelp("Measure only a part: i/n.", valueName: "part"))
    var shard: Shard?

    @Option(help: ArgumentHelp("LPIPS weights (AlexNet, safetensors).", valueName: "file"))
    var lpips: String

    @Flag(help: "Leave the voice out: sources get its share of the rate.")
    var silent = false

    @Option(help: ArgumentHelp("Largest number of sources in use, 1 to 8.", valueName: "count"))
    var largestCount: Int?

    @Option(
        help: ArgumentHelp(
            "Other thresholds of the adaptive policy and of stepping aside.",
            valueName: "file.json"))
    var configuration: String?

    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "Write a line of JSON for each clip, rate and policy.", valueName: "file.jsonl"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Write what senders saw and decided, a line of JSON for each look.",
            valueName: "file.jsonl"))
    var trace: String?

    @OptionGroup(title: "Network") var network: NetworkOptions

    @Flag(name: [.short, .long], help: "No progress, only the table.")
    var quiet = false

    func validate() throws {
        for (name, value) in [("every", every), ("clips-every", clipsEvery)] where value < 1 {
            throw ValidationError("--\(name) \(value): use 1 or more")
        }
        if let largestCount, !(1...8).contains(largestCount) {
            throw ValidationError("--largest-count \(largestCount): use 1 to 8")
        }
    }

    private func settings() throws -> PolicySettings {
        var result = PolicySettings()
        if let configuration { try PolicyFile.read(configuration).apply(to: &result) }
        if let largestCount { result.sources.largestCount = largestCount }
        return result
    }

    func run() async throws {
        let folder = try ClipFolder(clips, every: clipsEvery)
        let files = shard?.part(of: folder.clips) ?? folder.clips
        let writer = try output.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
        let tracer = try trace.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
        let replay = try SourceReplay(
            try network.backends(), lpips: lpips, every: every,
            settings: try settings(), hasVoice: !silent, trace: tracer)
        let progress = ProgressLine(isWanted: !quiet)
        var rows = [SourceRow]()
        var passedOver = 0
        for (index, clip) in files.enumerated() {
            progress.show("clip \(index + 1) of \(files.count): \(clip.lastPathComponent)")
            do {
                try replay.open(clip, duration: seconds?.duration)
                for rate in rates.rates {
                    for policy in policies.policies {
                        for fallback in fallbacks.names {
                            let row = try replay.run(
                                policy, fallback, Bitrate(kilobitsPerSecond: rate))
                            writer?.write(row)
                            rows.append(row)
                        }
                    }
                }
            } catch {
                progress.clear()
                passedOver += 1
                Notice.tell("passed over \(clip.lastPathComponent): \(error)")
            }
        }
        progress.clear()
        guard !rows.isEmpty else { throw ClipFolder.Failure.nothingMeasured(clips) }
        print(SourceTable(rows: rows))
        for failure in [writer?.failure, tracer?.failure] {
            if let failure { throw failure }
        }
        // What is missing from the table was named above; who reads only the status learns of it, too.
        if passedOver > 0 { throw ExitCode(1) }
    }
}
