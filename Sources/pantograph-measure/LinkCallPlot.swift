import Foundation
import Media
import Pipeline

/// A call over its time as an SVG picture: rates, delays, what was shown, and what the sender decided.
struct LinkCallPlot {
    private struct Line {
        let name: String
        let colour: String
        let points: [(x: Double, y: Double)]
    }

    /// How a panel's lines are drawn.
    private enum Style {
        case lines
        /// From the bottom up to each point.
        case bars
        /// Each upon the one before it, filled.
        case stack
    }

    private let title: String
    private let seconds: Double
    private let decisions: DecisionStrip
    private var panels: [(title: String, lines: [Line], style: Style)] = []
    private static let width = 900.0, height = 150.0, left = 60.0, right = 210.0, gap = 40.0

    /// Draws a call.
    ///
    /// - Parameter quality: LPIPS at a picture's time, in seconds.
    init(title: String, trace: SimulationTrace, quality: [(x: Double, y: Double)]) {
        self.title = title
        let moments = trace.moments
        seconds = max(1, moments.last?.time.seconds ?? 1, trace.shown.last?.time.seconds ?? 1)
        decisions = DecisionStrip(trace, seconds: seconds)
        func line(
            _ name: String, _ colour: String, _ value: (SimulationTrace.Moment) -> Double
        ) -> Line {
            Line(
                name: name, colour: colour,
                points: moments.map { ($0.time.seconds, value($0)) })
        }
        let sent = zip(moments.dropFirst(), moments).map { later, earlier in
            let time = max(0.001, (later.time - earlier.time).seconds)
            return (
                x: later.time.seconds,
                y: Double(later.wire.bytes - earlier.wire.bytes) * 0.008 / time
            )
        }
        panels.append(
            (
                "kbit/s",
                [
                    line("link is thought to carry", "#0072b2") { $0.target.kilobitsPerSecond },
                    line("plan", "#009e73") { $0.plan.kilobitsPerSecond },
                    Line(name: "sent", colour: "#d55e00", points: sent),
                ], .lines
            ))
        panels.append(("kbit/s sent, by what for", Self.spending(moments), .stack))
        let delays = trace.shown.filter(\.isWhole).map {
            (x: $0.time.seconds, y: $0.delay.milliseconds)
        }
        panels.append(
            (
                "milliseconds",
                [
                    Line(name: "capture to display", colour: "#d55e00", points: delays),
                    line("playout delay", "#009e73") { $0.playout.milliseconds },
                    line("queueing, seen by sender", "#0072b2") { $0.queueing.milliseconds },
                ], .lines
            ))
        let held = trace.shown.filter { !$0.isFresh }.map {
            (x: $0.time.seconds, y: $0.isMadeUp ? 0.5 : 1.0)
        }
        panels.append(
            (
                "pictures that are not there: neither warped nor of the stream",
                [Line(name: "held: full, made up: half", colour: "#cc79a7", points: held)], .bars
            ))
        if !quality.isEmpty {
            panels.append(
                ("LPIPS", [Line(name: "LPIPS", colour: "#5c4a3d", points: quality)], .lines))
        }
    }

    /// What went on the wire in each second, by what it was for, each upon the one before.
    private static func spending(_ moments: [SimulationTrace.Moment]) -> [Line] {
        typealias Size = (SimulationTrace.Moment) -> DataSize
        let parts: [(name: String, colour: String, size: Size)] = [
            ("voice", "#0072b2", { $0.voice }), ("keypoints", "#009e73", { $0.keypoints }),
            ("sources", "#e69f00", { $0.sources }), ("VP8", "#cc79a7", { $0.stream }),
            ("headers, the rest", "#999999", { $0.wire }),
        ]
        var below = [Double](repeating: 0, count: max(0, moments.count - 1))
        return parts.map { part in
            let isRest = part.name == parts.last?.name
            for (place, (later, earlier)) in zip(moments.dropFirst(), moments).enumerated() {
                let time = max(0.001, (later.time - earlier.time).seconds)
                let rate =
                    Double(part.size(later).bytes - part.size(earlier).bytes) * 0.008 / time
                below[place] = isRest ? max(below[place], rate) : below[place] + rate
            }
            let points = zip(moments.dropFirst(), below).map { (x: $0.time.seconds, y: $1) }
            return Line(name: part.name, colour: part.colour, points: points)
        }
    }

    /// The picture, complete in itself.
    var svg: String {
        let strip = 40 + Double(panels.count) * (Self.height + Self.gap)
        let total = strip + DecisionStrip.height + Self.gap
        var out = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(Self.width)) \(Int(total))\" "
                + "width=\"\(Int(Self.width))\" height=\"\(Int(total))\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            "<text x=\"\(Self.left)\" y=\"20\" font-size=\"15\" font-weight=\"bold\">\(escaped(title))</text>",
        ]
        for (index, panel) in panels.enumerated() {
            let top = 40 + Double(index) * (Self.height + Self.gap)
            out += drawn(panel.title, panel.lines, panel.style, top)
        }
        out += drawn(decisions, strip)
        out.append("</svg>")
        return out.joined(separator: "\n")
    }

    private func drawn(
        _ title: String, _ lines: [Line], _ style: Style, _ top: Double
    ) -> [String] {
        let wide = Self.width - Self.left - Self.right
        let most =
            max(1e-9, lines.flatMap { $0.points.map(\.y) }.max() ?? 1) * (style == .bars ? 1 : 1.1)
        let bottom = top + Self.height
        let x = { (value: Double) in Self.left + wide * value / seconds }
        let y = { (value: Double) in bottom - Self.height * value / most }
        var out = [
            "<rect x=\"\(Self.left)\" y=\"\(top)\" width=\"\(wide)\" height=\"\(Self.height)\" fill=\"none\" stroke=\"#777\"/>",
            text(Self.left, top - 5, title, "start"),
        ]
        for part in style == .bars ? [] : [0, 0.5, 1] {
            let value = most * part
            let label = value >= 10 ? "\(Int(value.rounded()))" : String(format: "%.2f", value)
            out.append(text(Self.left - 6, y(value) + 4, label, "end"))
        }
        out += times(bottom)
        out += decisions.marks.map { mark in
            let place = short(x(mark.time))
            return "<path d=\"M\(place) \(top)V\(bottom)\" stroke=\"\(mark.colour)\" "
                + "stroke-width=\"0.8\" stroke-dasharray=\"2 3\"/>"
        }
        // Of a stack the uppermost goes first: the others cover what is theirs of it.
        for line in style == .stack ? lines.reversed() : lines {
            switch style {
            case .lines: out.append(path(line, x, y))
            case .bars: out.append(bars(line, x, y, bottom))
            case .stack: out.append(area(line, x, y, bottom))
            }
        }
        return out + legend(lines.map { ($0.colour, $0.name) }, top)
    }

    private func drawn(_ decisions: DecisionStrip, _ top: Double) -> [String] {
        let wide = Self.width - Self.left - Self.right
        let names = ["looks", "sources", "shown"].enumerated().map { row, name in
            text(Self.left - 6, top + 15 + 22 * Double(row), name, "end")
        }
        let title = "what the sender decided; dotted lines above: the same"
        var out = [
            "<rect x=\"\(Self.left)\" y=\"\(top)\" width=\"\(wide)\" height=\"\(DecisionStrip.height)\" fill=\"none\" stroke=\"#777\"/>",
            text(Self.left, top - 5, title, "start"),
        ]
        out += names
        out += decisions.svg(top: top) { Self.left + wide * $0 / seconds }
        out += times(top + DecisionStrip.height)
        return out + legend(decisions.legend, top)
    }

    private func times(_ bottom: Double) -> [String] {
        let wide = Self.width - Self.left - Self.right
        let step = seconds > 120 ? 60 : seconds > 30 ? 10 : 2
        return stride(from: 0, through: Int(seconds), by: step).map {
            text(Self.left + wide * Double($0) / seconds, bottom + 15, "\($0) s", "middle")
        }
    }

    private func legend(_ items: [(colour: String, name: String)], _ top: Double) -> [String] {
        items.enumerated().flatMap { index, item in
            let place = top + 14 + Double(index) * 18
            return [
                "<rect x=\"\(Self.width - Self.right + 10)\" y=\"\(place - 9)\" width=\"12\" height=\"10\" fill=\"\(item.colour)\"/>",
                text(Self.width - Self.right + 27, place, item.name, "start"),
            ]
        }
    }

    private func path(_ line: Line, _ x: (Double) -> Double, _ y: (Double) -> Double) -> String {
        let points = line.points.map { "\(short(x($0.x))),\(short(y($0.y)))" }
        return "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" "
            + "stroke=\"\(line.colour)\" stroke-width=\"1.3\"/>"
    }

    private func area(
        _ line: Line, _ x: (Double) -> Double, _ y: (Double) -> Double, _ bottom: Double
    ) -> String {
        guard let first = line.points.first, let last = line.points.last else { return "" }
        let points = line.points.map { "\(short(x($0.x))),\(short(y($0.y)))" }
        return "<polygon points=\"\(short(x(first.x))),\(short(bottom)) "
            + "\(points.joined(separator: " ")) \(short(x(last.x))),\(short(bottom))\" "
            + "fill=\"\(line.colour)\"/>"
    }

    private func bars(
        _ line: Line, _ x: (Double) -> Double, _ y: (Double) -> Double, _ bottom: Double
    ) -> String {
        let bars = line.points.map { "M\(short(x($0.x))) \(bottom)V\(short(y($0.y)))" }
        return "<path d=\"\(bars.joined())\" stroke=\"\(line.colour)\" stroke-width=\"1\"/>"
    }

    private func text(_ x: Double, _ y: Double, _ words: String, _ anchor: String) -> String {
        "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\">\(escaped(words))</text>"
    }

    private func short(_ value: Double) -> String { Self.short(value) }

    static func short(_ value: Double) -> String { String(format: "%.1f", value) }

    private func escaped(_ words: String) -> String {
        words.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}
