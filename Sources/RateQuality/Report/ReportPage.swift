import Foundation

/// A report as one web page that needs nothing else.
struct ReportPage {
    let description: RunDescription
    let problems: [Problem]
    let tables: ReportTables
    let plots: [(name: String, svg: String)]
    let sheets: [Sheet]

    private static let style = """
        body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem; max-width: 100rem; color: #222; background: #fff; }
        h1 { margin-top: 0; } h2 { margin-top: 2.4rem; border-bottom: 1px solid #ddd; padding-bottom: .2rem; }
        .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 34rem), 1fr)); gap: 1rem; }
        .plots svg, img, video { max-width: 100%; height: auto; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-size: 13px; } th, td { padding: .25rem .6rem; text-align: right; border-bottom: 1px solid #e5e5e5; min-width: 3.2rem; }
        th { background: #f4f4f4; vertical-align: bottom; } th:first-child, td:first-child { text-align: left; position: sticky; left: 0; background: #fff; }
        pre { background: #f4f4f4; padding: .8rem; white-space: pre-wrap; overflow-wrap: anywhere; }
        .bad { background: #fff3e8; border-left: 4px solid #d55e00; padding: .5rem 1rem; }
        dt { font-weight: 600; margin-top: .5rem; } dd { margin-left: 1.2rem; overflow-wrap: anywhere; }
        .columns { display: flex; } .columns span { flex: 1; padding: 0 .3rem; font-size: 12px; }
        """

    var html: String {
        [
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                + "<title>Rate and quality</title><style>\n\(Self.style)\n</style></head><body>",
            "<h1>Rate and quality</h1>", summary, trouble,
            "<h2>Curves</h2>\n<p>Means over clips; dashed: slow settings, a bound that no call "
                + "reaches.</p>\n<div class=\"plots\">",
            plots.map { "<figure style=\"margin:0\">\($0.svg)</figure>" }
                .joined(separator: "\n"),
            "</div>", tables.all.map(\.html).joined(separator: "\n"), pictures, measures, settings,
            "</body></html>\n",
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var summary: String {
        let machine = description.machine
        return """
            <p>\(description.clipCount) \(description.clipCount == 1 ? "clip" : "clips") of 256×256 at 25 pictures a second, each \
            \(ordinal(description.conditions.every)) picture measured. Rates count everything over the \
            whole clip. Payload: what the codec makes, without containers, start codes, delimiters and \
            SEI messages. On the wire: this codec as the datagrams of a sealed call are, what the \
            sender says in the handshake, repeats and IPv4 and UDP headers included; the others in RTP packets of at most 1200 bytes with the \
            smallest payload descriptor, 40 bytes of IPv4, UDP and RTP headers each, without RTCP. \
            Nobody's voice is counted.</p>
            <dl><dt>Machine</dt><dd>\(text(machine.processor)), \(machine.cores) cores, \
            \(machine.memoryGibibytes) GiB, \(text(machine.system)); load at the start \
            \(machine.load), \(description.jobs) clips at once</dd>
            <dt>Codecs by</dt><dd>\(text(description.conditions.ffmpeg ?? "no ffmpeg"))\(text(encoders))</dd>
            <dt>Network</dt><dd>weights \(text(description.conditions.network ?? "none"))</dd>
            <dt>Command</dt><dd><pre>\(text(description.command))</pre></dd></dl>
            """
    }

    /// The encoders' own versions.
    private var encoders: String {
        let known = (description.encoders ?? [:]).sorted { $0.key < $1.key }
        return known.isEmpty
            ? "" : "; " + known.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private var trouble: String {
        let lines = description.leftOut.map { "left out: \($0)" } + problems.map(\.sentence)
        guard !lines.isEmpty else { return "" }
        let items = lines.map { "<li>\(text($0))</li>" }.joined(separator: "\n")
        return "<div class=\"bad\"><p>Not measured:</p><ul>\n\(items)\n</ul></div>"
    }

    private var measures: String {
        let items = Measure.allCases.map {
            "<dt>\(text($0.title))</dt><dd>\(text($0.meaning))</dd>"
        }
        return "<h2>Measures</h2>\n<dl>\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var settings: String {
        let items = description.conditions.options.sorted { $0.key < $1.key }.map {
            "<dt>\(text(CodecNames.title($0.key)))</dt><dd><code>"
                + "\(text($0.value.joined(separator: " ")))</code></dd>"
        }
        return
            "<h2>Settings</h2>\n<p>What ffmpeg was told, @ is the quantiser; for this codec, its "
            + "settings.</p>\n<dl>\n\(items.joined(separator: "\n"))\n</dl>"
    }

    private var pictures: String {
        guard !sheets.isEmpty else { return "" }
        let items = sheets.map { sheet in
            let columns = sheet.columns.map { "<span>\(text($0))</span>" }.joined()
            let image = sheet.image.base64EncodedString()
            let video = sheet.video.base64EncodedString()
            return """
                <h3>\(text(sheet.clip))</h3><div class="columns" style="max-width: \(256 * sheet.columns.count)px">\(columns)</div>
                <img alt="\(text(sheet.clip)), side by side" src="data:image/jpeg;base64,\(image)">
                <video controls loop muted preload="auto" src="data:video/mp4;base64,\(video)"></video>
                """
        }
        return "<h2>Clips side by side</h2>\n<p>Each codec at its setting nearest in rate. The "
            + "pictures show people: do not publish them without their consent.</p>\n"
            + items.joined(separator: "\n")
    }

    private func text(_ words: String) -> String { Plot.escaped(words) }

    private func ordinal(_ number: Int) -> String {
        switch number {
        case 1: "single"
        case 2: "second"
        case 3: "third"
        default: "\(number)th"
        }
    }
}
