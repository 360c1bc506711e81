import Foundation

/// Curves over a logarithmic axis of rates, as an SVG picture.
package struct Plot: Sendable {
    package struct Series: Sendable {
        package let name: String
        package let points: [RateQualityCurve.Point]
        /// Where its colour stands in the palette.
        package let colour: Int
        /// A bound rather than a codec one would use.
        package let isDashed: Bool
        /// What the plot is about.
        package let isMain: Bool

        package init(
            name: String, points: [RateQualityCurve.Point], colour: Int, isDashed: Bool,
            isMain: Bool
        ) {
            self.name = name
            self.points = points
            self.colour = colour
            self.isDashed = isDashed
            self.isMain = isMain
        }
    }

    package var title: String
    package var xTitle: String
    package var yTitle: String
    package var series: [Series]
    package var width = 760.0
    package var height = 460.0
    /// Ends of the axis of rates, kbit/s.
    package var rates = 0.5...400.0

    /// Colours that people who see few colours can tell apart (Okabe, Ito 2008), and two more.
    static let palette = [
        "#d55e00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#7f5fb5", "#5c4a3d",
        "#777777",
    ]

    package init(title: String, xTitle: String, yTitle: String, series: [Series]) {
        self.title = title
        self.xTitle = xTitle
        self.yTitle = yTitle
        self.series = series.filter { !$0.points.isEmpty }
    }

    private let left = 66.0, right = 190.0, top = 34.0, bottom = 48.0

    /// The picture, complete in itself.
    package var svg: String {
        let values = series.flatMap { $0.points.map(\.quality) }
        guard let low = values.min(), let high = values.max() else { return "" }
        let ticks = Self.ticks(low, max(high, low + 1e-9))
        let y = { [height, top, bottom] (value: Double) in
            top + (height - top - bottom)
                * (1 - (value - ticks[0]) / (ticks[ticks.count - 1] - ticks[0]))
        }
        let x = { [width, left, right, rates] (rate: Double) in
            left + (width - left - right) * log(rate / rates.lowerBound)
                / log(rates.upperBound / rates.lowerBound)
        }
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
                + "width=\"\(Int(width))\" height=\"\(Int(height))\" role=\"img\" "
                + "aria-label=\"\(Self.escaped(title))\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            text(left, 20, title, size: 15, anchor: "start", weight: "bold"),
        ]
        lines += axes(ticks, x, y)
        for item in series { lines += curve(item, x, y) }
        lines += legend
        lines.append("</svg>")
        return lines.joined(separator: "\n")
    }

    private func axes(
        _ ticks: [Double], _ x: (Double) -> Double, _ y: (Double) -> Double
    ) -> [String] {
        var lines = [String]()
        for tick in ticks {
            let place = y(tick)
            lines.append(line(left, place, width - right, place, "#e4e4e4"))
            lines.append(text(left - 8, place + 4, Self.label(tick, ticks), anchor: "end"))
        }
        for rate in [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 400] where rates.contains(rate) {
            let place = x(rate)
            lines.append(line(place, top, place, height - bottom, "#e4e4e4"))
            lines.append(
                text(
                    place, height - bottom + 18, String(format: "%g", rate), anchor: "middle"))
        }
        lines.append(
            "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(width - left - right)\" "
                + "height=\"\(height - top - bottom)\" fill=\"none\" stroke=\"#555\"/>")
        lines.append(text((left + width - right) / 2, height - 10, xTitle, anchor: "middle"))
        let middle = (top + height - bottom) / 2
        lines.append(
            "<text x=\"16\" y=\"\(middle)\" text-anchor=\"middle\" "
                + "transform=\"rotate(-90 16 \(middle))\">\(Self.escaped(yTitle))</text>")
        return lines
    }

    private func curve(
        _ item: Series, _ x: (Double) -> Double, _ y: (Double) -> Double
    ) -> [String] {
        let colour = Self.palette[item.colour % Self.palette.count]
        let places = item.points.filter { rates.contains($0.rate) }
            .map { (Self.short(x($0.rate)), Self.short(y($0.quality))) }
        let path = places.map { "\($0.0),\($0.1)" }.joined(separator: " ")
        let dash = item.isDashed ? " stroke-dasharray=\"5 4\"" : ""
        let wide = item.isMain ? 3.5 : item.isDashed ? 1.2 : 1.8
        return [
            "<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" "
                + "stroke-width=\"\(wide)\"\(dash)/>"
        ]
            + places.map {
                "<circle cx=\"\($0.0)\" cy=\"\($0.1)\" r=\"\(item.isMain ? 4.5 : item.isDashed ? 1.8 : 2.8)\" "
                    + "fill=\"\(colour)\"/>"
            }
    }

    private var legend: [String] {
        series.enumerated().flatMap { index, item in
            let place = top + 8 + Double(index) * 21
            let colour = Self.palette[item.colour % Self.palette.count]
            let dash = item.isDashed ? " stroke-dasharray=\"5 4\"" : ""
            return [
                "<line x1=\"\(width - right + 14)\" y1=\"\(place)\" x2=\"\(width - right + 42)\" "
                    + "y2=\"\(place)\" stroke=\"\(colour)\" "
                    + "stroke-width=\"\(item.isMain ? 3.5 : 1.8)\"\(dash)/>",
                text(
                    width - right + 48, place + 4, item.name, anchor: "start",
                    weight: item.isMain ? "bold" : "normal"),
            ]
        }
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String)
        -> String
    {
        "<line x1=\"\(Self.short(x1))\" y1=\"\(Self.short(y1))\" x2=\"\(Self.short(x2))\" "
            + "y2=\"\(Self.short(y2))\" stroke=\"\(colour)\"/>"
    }

    private func text(
        _ x: Double, _ y: Double, _ words: String, size: Int = 12, anchor: String,
        weight: String = "normal"
    ) -> String {
        "<text x=\"\(Self.short(x))\" y=\"\(Self.short(y))\" text-anchor=\"\(anchor)\" "
            + "font-size=\"\(size)\" font-weight=\"\(weight)\">\(Self.escaped(words))</text>"
    }

    /// Round numbers that hold all values between the first and the last one.
    package static func ticks(_ low: Double, _ high: Double) -> [Double] {
        let rough = (high - low) / 6
        let power = pow(10, floor(log10(rough)))
        let step = [1, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough } ?? 10 * power
        let first = Int(floor(low / step + 1e-9))
        let last = max(first + 1, Int(ceil(high / step - 1e-9)))
        return (first...last).map { Double($0) * step }
    }

    private static func label(_ tick: Double, _ ticks: [Double]) -> String {
        let step = ticks[1] - ticks[0]
        let digits = max(0, Int(ceil(-log10(step) - 1e-9)))
        let needsOneMore =
            abs(step * pow(10, Double(digits)) - (step * pow(10, Double(digits))).rounded()) > 1e-6
        return String(format: "%.\(digits + (needsOneMore ? 1 : 0))f", tick)
    }

    private static func short(_ value: Double) -> String { String(format: "%.1f", value) }

    static func escaped(_ words: String) -> String {
        words.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
