import Foundation

/// Bars of several parts each, one under the other, over an axis from zero, as an SVG picture.
package struct StackedBars: Sendable {
    package struct Bar: Sendable {
        package let name: String
        /// What it is made of, in the order of ``StackedBars/parts``.
        package let values: [Double]

        package init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    package var title: String
    package var xTitle: String
    /// What the parts are called.
    package var parts: [String]
    package var bars: [Bar]

    package init(title: String, xTitle: String, parts: [String], bars: [Bar]) {
        self.title = title
        self.xTitle = xTitle
        self.parts = parts
        self.bars = bars
    }

    private let width = 760.0, left = 90.0, right = 190.0, top = 34.0, row = 30.0, bottom = 48.0

    /// The picture, complete in itself.
    package var svg: String {
        let most = bars.map { $0.values.reduce(0, +) }.max() ?? 0
        let ticks = Plot.ticks(0, max(most, 1e-9))
        let rows = max(Double(bars.count), 0.7 * Double(parts.count))
        let height = top + rows * row + bottom
        let wide = width - left - right
        let x = { (value: Double) in left + wide * value / ticks[ticks.count - 1] }
        var out = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
                + "width=\"\(Int(width))\" height=\"\(Int(height))\" role=\"img\" "
                + "aria-label=\"\(Plot.escaped(title))\" font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            "<text x=\"\(left)\" y=\"20\" font-size=\"15\" font-weight=\"bold\">\(Plot.escaped(title))</text>",
        ]
        for tick in ticks {
            out.append(
                "<path d=\"M\(short(x(tick))) \(top)V\(short(height - bottom))\" stroke=\"#ddd\"/>")
            out.append(text(x(tick), height - bottom + 18, number(tick), "middle"))
        }
        for (index, bar) in bars.enumerated() {
            let y = top + Double(index) * row + 5
            out.append(text(left - 8, y + 15, bar.name, "end"))
            var place = 0.0
            for (part, value) in bar.values.enumerated() {
                out.append(
                    "<rect x=\"\(short(x(place)))\" y=\"\(y)\" width=\"\(short(x(place + value) - x(place)))\" "
                        + "height=\"\(row - 10)\" fill=\"\(Plot.palette[part % Plot.palette.count])\"/>"
                )
                place += value
            }
            out.append(text(x(place) + 5, y + 15, number(place), "start"))
        }
        for (part, name) in parts.enumerated() {
            let y = top + 5 + Double(part) * 21
            out.append(
                "<rect x=\"\(width - right + 44)\" y=\"\(y)\" width=\"12\" height=\"12\" "
                    + "fill=\"\(Plot.palette[part % Plot.palette.count])\"/>")
            out.append(text(width - right + 62, y + 11, name, "start"))
        }
        out.append(text(left + wide / 2, height - 10, xTitle, "middle"))
        out.append("</svg>")
        return out.joined(separator: "\n")
    }

    private func text(_ x: Double, _ y: Double, _ words: String, _ anchor: String) -> String {
        "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\">\(Plot.escaped(words))</text>"
    }

    private func number(_ value: Double) -> String {
        String(format: "%.4g", (value * 100).rounded() / 100)
    }

    private func short(_ value: Double) -> String { String(format: "%.1f", value) }
}
