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

    /// Where each picture's time goes.
    @Option(
        help: ArgumentHelp(
            "Write a line of JSON for each picture: its number, and when it was taken (sender) or shown, and from what (receiver).",
            discussion:
                "By the machine's clock: where both ends run on one machine, the difference is the time from capture to display.",
            valueName: "file.jsonl"))
    public var trace: String?

    /// No progress line.
    @Flag(name: [.short, .long], help: "No progress line and no summary.")
    public var quiet = false

    /// Makes options to be filled by the parser.
    public init() {}

    /// The statistics file, opened.
    public func statistics() throws -> JSONLinesWriter? {
        try stats.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
    }

    /// The trace, opened.
    public func pictureTrace() throws -> JSONLinesWriter? {
        try trace.map { path throws(ReportError) in try JSONLinesWriter(path: path) }
    }

    /// The progress line.
    public var progress: ProgressLine { ProgressLine(isWanted: !quiet) }

    /// Tells a summary, and which files could not be written.
    public func finish(_ line: StatisticsLine, _ files: [JSONLinesWriter?], verb: String) {
        if !quiet { Notice.tell(line.sentence(verb: verb)) }
        for failure in files.compactMap({ $0?.failure }) { Notice.tell("\(failure)") }
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
