import Media
import Pipeline

/// What the sender of a call decided and when, as rows of marks under a plot's axis of time.
struct DecisionStrip {
    /// A source that was added during the call.
    struct Source {
        /// Seconds since the first picture.
        let time: Double
        let reason: String
    }

    /// A stretch of the call in which the receiver is shown the same kind of pictures.
    struct Stretch: Equatable {
        /// Seconds since the first picture.
        let begin, end: Double
        /// As in ``FallbackLine/to``.
        let what: String
    }

    /// Seconds at which the sender looked at how its call is doing.
    let looks: [Double]
    let sources: [Source]
    let stretches: [Stretch]

    /// Takes the decisions out of a call of so many seconds.
    init(_ trace: SimulationTrace, seconds: Double) {
        looks = trace.looks.map(\.time)
        sources = trace.looks.filter { $0.source != nil }
            .map { Source(time: $0.time, reason: $0.reason ?? "") }
        var stretches = [Stretch]()
        var (begin, what) = (0.0, Self.usual)
        for change in trace.asides {
            stretches.append(Stretch(begin: begin, end: change.time, what: what))
            (begin, what) = (change.time, change.to)
        }
        stretches.append(Stretch(begin: begin, end: max(begin, seconds), what: what))
        self.stretches = stretches.filter { $0.end > $0.begin }
    }

    /// What is shown unless the sender steps aside.
    static let usual = "keypoints"
    static let height = 66.0
    private static let row = 22.0

    /// Colours and names of what may be shown, of reasons for sources.
    private static let shown = [
        (what: usual, colour: "#009e73", name: "warped"),
        (what: "stream", colour: "#cc79a7", name: "VP8"),
        (what: "waiting", colour: "#f0e442", name: "waiting"),
        (what: "still", colour: "#999999", name: "standing still"),
    ]
    private static let reasons = [
        (reason: "newScene", colour: "#d55e00", name: "new scene"),
        (reason: "newPose", colour: "#0072b2", name: "new pose"),
        (reason: "refinement", colour: "#56b4e9", name: "finer"),
        (reason: "interval", colour: "#e69f00", name: "interval"),
    ]

    /// Times worth a line through the whole plot, each with its colour: sources and steps aside.
    var marks: [(time: Double, colour: String)] {
        sources.map { ($0.time, Self.colour(of: $0)) }
            + stretches.dropFirst().map { ($0.begin, Self.colour(of: $0)) }
    }

    /// What the marks mean, for a legend: only what is there.
    var legend: [(colour: String, name: String)] {
        Self.reasons.filter { reason in sources.contains { $0.reason == reason.reason } }
            .map { ($0.colour, "source: \($0.name)") }
            + Self.shown.filter { shown in stretches.contains { $0.what == shown.what } }
            .map { ($0.colour, "shown: \($0.name)") }
    }

    /// The rows as SVG elements: looks, sources, what is shown.
    ///
    /// - Parameters:
    ///   - top: the upper edge.
    ///   - x: where a second lies.
    func svg(top: Double, _ x: (Double) -> Double) -> [String] {
        let ticks = looks.map { "M\(short(x($0))) \(short(top + 4))v14" }.joined()
        let dots = sources.map {
            "<circle cx=\"\(short(x($0.time)))\" cy=\"\(short(top + 1.5 * Self.row))\" r=\"5\" "
                + "fill=\"\(Self.colour(of: $0))\"><title>\($0.reason)</title></circle>"
        }
        let bars = stretches.map {
            "<rect x=\"\(short(x($0.begin)))\" y=\"\(short(top + 2 * Self.row + 4))\" "
                + "width=\"\(short(x($0.end) - x($0.begin)))\" height=\"14\" "
                + "fill=\"\(Self.colour(of: $0))\"/>"
        }
        return ["<path d=\"\(ticks)\" stroke=\"#777\" stroke-width=\"1\"/>"] + dots + bars
    }

    private static func colour(of source: Source) -> String {
        reasons.first { $0.reason == source.reason }?.colour ?? "#5c4a3d"
    }

    private static func colour(of stretch: Stretch) -> String {
        shown.first { $0.what == stretch.what }?.colour ?? "#5c4a3d"
    }

    private func short(_ value: Double) -> String { LinkCallPlot.short(value) }
}
