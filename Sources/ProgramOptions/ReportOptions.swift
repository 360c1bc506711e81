public import ArgumentParser
public import Pipeline

/// Options that say what a program tells.
public struct ReportOptions: ParsableArguments {
    /// Where statistics go.
    @Option(
        help: ArgumentHelp(
            "Write statistics as JSON: a line for each second and a summary.",
            valueName: "file.jsonl"))
    public var stats: String?

    /// No progress line.
    @Flag(name: [.short, .long], help: "No progress line and no summary.")
    public var quiet = false

    /// Makes options to be filled by the parser.
    public init() {}

    /// The statistics file, opened.
    public func statistics() throws -> JSONLinesWriter? {
        try stats.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
    }

    /// The progress line.
    public var progress: ProgressLine { ProgressLine(isWanted: !quiet) }

    /// Tells a summary, and a statistics file that could not be written.
    public func finish(_ line: StatisticsLine, _ statistics: JSONLinesWriter?, verb: String) {
        if !quiet { Notice.tell(line.sentence(verb: verb)) }
        if let failure = statistics?.failure { Notice.tell("\(failure)") }
    }
}

extension StatisticsLine {
    /// The summary as a sentence for people.
    func sentence(verb: String) -> String {
        var text =
            "\(pictures) pictures \(verb) in \(time) s, \(wireKilobitsPerSecond) kbit/s on the wire"
        if let later = wireKilobitsPerSecondAfterFirstSecond {
            text += " (\(later) after the first second)"
        }
        text += ", \(lostPictures) lost"
        if let longestLoss, longestLoss > 0 { text += " (at most \(longestLoss) in a row)" }
        if rejectedDatagrams > 0 { text += ", \(rejectedDatagrams) foreign datagrams ignored" }
        return text
    }
}
