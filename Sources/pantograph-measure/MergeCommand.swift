import ArgumentParser
import Foundation
import Pipeline
import ProgramOptions
import RateQuality

struct MergeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Puts together what shards of rate-quality have measured, and writes the report.",
        discussion: """
            The shards must have been measured with the same programs, weights and options. Rows that \
            several of them have are taken once. Pictures of the clips side by side come along unless \
            --no-pictures: do not publish those of people without their consent.

            Example:
              pantograph-measure merge part1 part2 part3 --out results
            """)

    @Argument(help: ArgumentHelp("Folders that rate-quality has written.", valueName: "folder"))
    var folders: [String]

    @Option(help: ArgumentHelp("Folder of results; made if need be.", valueName: "folder"))
    var out: String

    @Option(help: FFmpegSearch.help)
    var ffmpeg: String?

    @Flag(help: "No pictures of the clips in the folder of results.")
    var noPictures = false

    func run() async throws {
        do {
            try FileManager.default.createDirectory(
                atPath: out, withIntermediateDirectories: true)
        } catch {
            throw ReportError.cannotWrite(path: out, reason: error.localizedDescription)
        }
        let (description, earlier) = try RowMerge.merge(
            folders, into: out, withPictures: !noPictures)
        let program = try? FFmpegProgram(FFmpegSearch(named: ffmpeg).path, scratch: out)
        let problems =
            try earlier
            + ReportWriter(folder: out, ffmpeg: program)
            .write(description, problems: earlier)
        for problem in problems { Notice.tell(problem.sentence) }
        Notice.tell("report: \(out)/report.html")
        if !problems.isEmpty { throw ExitCode(1) }
    }
}
