import ArgumentParser
import Foundation
import NeuralVideo
import Pipeline
import ProgramOptions
import RateQuality

struct RateQualityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rate-quality",
        abstract: "Measures how good this codec is at how many bits, beside classical ones.",
        discussion: """
            Every clip is read at 25 pictures a second and 256x256 and coded by this codec and by VP8, \
            VP9, H.264, H.265, AV1 (SVT-AV1 and libaom) and H.266 (VVenC), each at several settings: \
            in real-time, low-delay settings, and in slow ones, a bound that no call reaches. The \
            classical codecs are those of an ffmpeg program: the one that --ffmpeg names, else that of \
            the Python package imageio-ffmpeg (pip install imageio-ffmpeg), which is current and has \
            all of them, else the ffmpeg that the shell would find. The report names versions.

            Two rates are counted, first picture and sources included: payload, and on the wire in the \
            packets that a call would send (RTP for the classical codecs).

            PSNR, SSIM, MS-SSIM and L1 are always measured, VMAF where ffmpeg has it, the others where \
            their weights are given.

            Exit status: 0 when all was measured that was asked for; measures whose weights nobody gave \
            were not asked for, they are named as left out. 1 when a codec, a weights file that was \
            given, VMAF or a clip could not be used, or a plot not be drawn: each is named, at the end \
            and in the report, and the rest is there. 64 for arguments that mean nothing.

            In the folder --out: rows.jsonl (a row for each clip, codec and setting), pictures.jsonl \
            (each picture), bd-rate.json, rate-quality.csv, table.md, plots, and report.html, which \
            needs no other file. side-by-side and the report hold pictures of the clips unless \
            --no-pictures: do not publish those of people without their consent.

            A run that was interrupted goes on where it stopped when it is started again. Machines \
            share a run by --shard 1/3, 2/3, 3/3 into folders of their own, which merge puts together.

            Slow settings take ten times as long as the others and are only a bound: --slow-points 3 and \
            --slow-clips-every 5 measure three of them on each fifth clip. What is compared to them is \
            then taken from the same clips, and they have plots of their own.

            Examples:
              pantograph-measure rate-quality --clips clips --out results --lpips lpips.safetensors
              pantograph-measure rate-quality --clips clips --out quick --codecs av1-svt,h265 --points 3 \\
                --every 25 --clips-every 5
              pantograph-measure rate-quality --clips clips --out bounds --codecs slow --points 3 \\
                --clips-every 6 --lpips lpips.safetensors
              parallel pantograph-measure rate-quality --clips clips --out part{} --shard {}/4 ::: 1 2 3 4
              pantograph-measure merge part1 part2 part3 part4 --out results
            """)

    @Option(help: ArgumentHelp("Folder of videos; folders in it count.", valueName: "folder"))
    var clips: String

    @Option(help: ArgumentHelp("Folder of results; made if need be.", valueName: "folder"))
    var out: String

    @Option(help: FFmpegSearch.help)
    var ffmpeg: String?

    @Option(
        help: ArgumentHelp(
            "Which codecs, with commas between: \(CodecChoice.names).", valueName: "names"))
    var codecs = CodecChoice()

    @Option(
        help: ArgumentHelp(
            "Settings of each codec, 2 to 10; where it has fewer, all.", valueName: "count"))
    var points = 6

    @Option(
        help: ArgumentHelp(
            "Settings of each slow codec; --points if not given.", valueName: "count"))
    var slowPoints: Int?

    @Option(
        help: ArgumentHelp(
            "Measure slow codecs on each n-th of the clips only: they take most of a run's time.",
            valueName: "n"))
    var slowClipsEvery = 1

    @Option(help: ArgumentHelp("Measure each n-th picture.", valueName: "n"))
    var every = 5

    @Option(help: ArgumentHelp("Measure each n-th clip.", valueName: "n"))
    var clipsEvery = 1

    @Option(help: ArgumentHelp("Only this part of the clips, such as 2/5.", valueName: "i/n"))
    var shard: Shard?

    @Option(
        help: ArgumentHelp(
            "Clips at once; as many as there are processors if not given.", valueName: "count"))
    var jobs: Int?

    @Option(help: ArgumentHelp("LPIPS weights (AlexNet, safetensors).", valueName: "file"))
    var lpips: String?

    @Option(help: ArgumentHelp("MTCNN weights (safetensors), for AKD.", valueName: "file"))
    var mtcnn: String?

    @Option(help: ArgumentHelp("DISTS weights (safetensors).", valueName: "file"))
    var dists: String?

    @Option(
        help: ArgumentHelp(
            "Codecs whose rows in --out are thrown away and measured anew, named as for --codecs.",
            valueName: "names"))
    var again: CodecChoice?

    @Flag(help: "No pictures of the clips in the folder of results.")
    var noPictures = false

    @Option(help: ArgumentHelp("Folder of the network's files.", valueName: "folder"))
    var model: String?

    @Flag(name: [.short, .long], help: "No progress.")
    var quiet = false

    func validate() throws {
        for (name, value) in [
            ("every", every), ("clips-every", clipsEvery), ("slow-clips-every", slowClipsEvery),
        ] where value < 1 {
            throw ValidationError("--\(name) \(value): use 1 or more")
        }
        for (name, value) in [("points", points), ("slow-points", slowPoints ?? 2)]
        where !(2...10).contains(value) {
            throw ValidationError("--\(name) \(value): use 2 to 10")
        }
        if let jobs, !(1...256).contains(jobs) {
            throw ValidationError("--jobs \(jobs): use 1 to 256")
        }
    }

    func run() async throws {
        let setup = RateQualitySetup(self)
        let clips = try setup.clips()
        try setup.makeFolder()
        let program = setup.program()
        let (weights, unusable) = MeasureTools.usable(
            MeasureTools.Weights(lpips: lpips, mtcnn: mtcnn, dists: dists))
        let plan = setup.plan(program, weights)
        let description = try setup.description(plan, program, clipCount: clips.count)
            .write(out, again: again?.names ?? [])
        if !quiet { for reason in description.leftOut { Notice.tell("left out: \(reason)") } }
        var problems = unusable + setup.missing(program)
        for problem in problems { Notice.tell(problem.sentence) }
        let run = try RateQualityRun(
            plan: plan, clips: clips, folder: out, ffmpeg: program, energy: setup.energy,
            again: again?.names ?? [], progress: ProgressLine(isWanted: !quiet))
        if run.resumedCount > 0, !quiet {
            Notice.tell("\(run.resumedCount) rows are there already")
        }
        let failed = try await run.run(jobs: setup.jobs)
        for problem in failed { Notice.tell(problem.sentence) }
        problems += failed
        let unmade = try ReportWriter(folder: out, ffmpeg: program)
            .write(description, problems: problems)
        for problem in unmade { Notice.tell(problem.sentence) }
        if !quiet { Notice.tell("report: \(out)/report.html") }
        if !(problems + unmade).isEmpty { throw ExitCode(1) }
    }
}
