/// A table, for a web page or for Markdown.
struct Table {
    let title: String
    /// What the numbers are, in a sentence or two.
    let note: String
    let columns: [String]
    let rows: [[String]]

    var markdown: String {
        let lines =
            [columns.joined(separator: " | "), columns.map { _ in "---" }.joined(separator: " | ")]
            + rows.map { $0.joined(separator: " | ") }
        return "## \(title)\n\n\(note)\n\n" + lines.map { "| \($0) |\n" }.joined()
    }

    var html: String {
        let escaped = Plot.escaped
        let head = columns.map { "<th>\(escaped($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.map { "<td>\(Self.unbroken(escaped($0)))</td>" }.joined() + "</tr>"
        }.joined(separator: "\n")
        return "<h2>\(escaped(title))</h2>\n<p>\(escaped(note))</p>\n<div class=\"wide\"><table>"
            + "<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body)\n</tbody></table></div>"
    }

    /// The words of a cell with spaces and joints at which no line ends, so that ranges and units stay together.
    private static func unbroken(_ words: String) -> String {
        words.replacing("…", with: "\u{2060}…\u{2060}").replacing(" %", with: "\u{a0}%")
            .replacing(" (", with: "\u{a0}(").replacing("over ", with: "over\u{a0}")
    }
}
