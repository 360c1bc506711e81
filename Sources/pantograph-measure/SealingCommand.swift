import ArgumentParser
import Media
import Security

struct SealingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sealing",
        abstract: "Times the handshake and the sealing of datagrams.",
        discussion: """
            Microseconds of processor time to seal and open datagrams of three sizes, to refuse forged and repeated ones, to \
            refuse a question of somebody without the key, and for both ends of a whole handshake.

            Example:
              pantograph-measure sealing --runs 20000
            """)

    @Option(help: ArgumentHelp("Datagrams of each kind.", valueName: "count"))
    var runs = 20_000

    @Option(help: ArgumentHelp("Write the figures as JSON.", valueName: "file.json"))
    var report: String?

    func validate() throws {
        guard (100...1_000_000).contains(runs) else {
            throw ValidationError("--runs \(runs): use 100 to 1000000")
        }
    }

    func run() throws {
        let bench = SealingBench(runs: runs)
        let rows = try bench.handshakes() + [20, 100, 1189].flatMap { try bench.datagrams(of: $0) }
        for row in rows { print(row.line) }
        if let report { try JSONFile.write(rows, to: report) }
    }
}
