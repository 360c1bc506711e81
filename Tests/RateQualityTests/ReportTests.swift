import Foundation
import FoundationXML
import RateQuality
import TestSupport
import Testing

@Suite("Report")
struct ReportTests {
    /// Ten clips; this codec takes half of what the other takes for the same.
    private static let rows: [RateQualityRow] = {
        let codecs: [(name: String, factor: Double)] = [
            ("pantograph", 0.5), ("vp8", 1), ("h265-slow", 0.9),
        ]
        var rows = [RateQualityRow]()
        for clip in 0..<10 {
            for codec in codecs {
                for order in 0..<4 {
                    let doubled = Double(1 << order)
                    rows.append(
                        RowStoreTests.row(
                            "clip \(clip)", codec.name, "\(40 - order)", order: order,
                            rate: codec.factor * Double(5 + clip) * doubled, lpips: 0.4 / doubled))
                }
            }
        }
        return rows
    }()

    @Test func halfTheBitsAreToldOf() throws {
        let comparison = Comparison(PooledCurves(Self.rows))
        #expect(comparison.missing.isEmpty)
        let payload = try #require(
            comparison.entries.first { $0.codec == "vp8" && $0.rate == "payload" })
        #expect(payload.metric == "lpips" && payload.clips == 10 && payload.share == 1)
        #expect(abs(payload.percent + 50) < 1e-3)
        // In every set of clips.
        let (low, high) = (try #require(payload.low), try #require(payload.high))
        #expect(abs(low + 50) < 1e-3 && abs(high + 50) < 1e-3)
        #expect(zip(payload.interval, [0.05, 0.4]).allSatisfy { abs($0 - $1) < 1e-12 })
        #expect(comparison.entries.count == 4)
    }

    /// The means of all five clips meet; those of most sets of clips that are drawn do not.
    @Test func wherePooledCurvesHardlyMeetNoIntervalIsTold() throws {
        var rows = [RateQualityRow]()
        for clip in 0..<5 {
            for order in 0..<3 {
                let better = 1 - 0.025 * Double(order)
                let peer = clip == 0 ? 0.41 : 0.02
                for (codec, worst) in [("pantograph", 0.1), ("vp8", peer)] {
                    rows.append(
                        RowStoreTests.row(
                            "clip \(clip)", codec, "\(order)", order: order,
                            rate: Double(10 << order), lpips: worst * better))
                }
            }
        }
        let entry = try #require(Comparison(PooledCurves(rows)).entries.first)
        #expect(entry.clips == 5 && entry.low == nil && entry.high == nil)
        let text = String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
        #expect(text.contains("\"low\":null") && text.contains("\"high\":null"))
        let one = Comparison(PooledCurves(Self.rows.filter { $0.clip == "clip 1" }))
        #expect(!one.entries.isEmpty && one.entries.allSatisfy { $0.low == nil })
    }

    @Test func whatTheOthersNeedIsToldOf() throws {
        let table = MatchedRates(PooledCurves(Self.rows), measure: .lpips, kind: .payload)
        #expect(table.codecs == ["vp8", "h265-slow"])
        #expect(table.lines.count == 4)
        for line in table.lines {
            guard case .at(let rate) = line.needed[0] else {
                Issue.record("no rate for \(line.setting)")
                continue
            }
            #expect(abs(rate - 2 * line.rate) < 1e-6 * rate)
        }
    }

    @Test func curvesWithoutACommonQualityAreNamed() throws {
        var rows = Self.rows.filter { $0.codec == "pantograph" }
        for order in 0..<2 {
            let better = Double(order)
            rows.append(
                RowStoreTests.row(
                    "clip 0", "vp9", "\(order)", order: order, rate: 90 + better,
                    lpips: 0.01 - 0.001 * better))
        }
        let comparison = Comparison(PooledCurves(rows))
        #expect(comparison.entries.isEmpty)
        let reason = "its coarsest setting is better than the best of this codec"
        #expect(comparison.missing.map(\.reason) == [reason, reason])
    }

    @Test func clipsThatACodecLacksDoNotCount() throws {
        var rows = Self.rows
        rows.removeAll { $0.codec == "vp8" && $0.clip == "clip 3" && $0.order == 2 }
        let comparison = Comparison(PooledCurves(rows))
        for entry in comparison.entries {
            #expect(entry.clips == (entry.codec == "vp8" ? 9 : 10))
        }
    }

    @Test func aFolderOfRowsBecomesAReport() throws {
        let folder = try TemporaryFolder()
        let store = try RowStore(folder: folder.path)
        for var row in Self.rows {
            if row.codec == "pantograph" {
                row.parts = ["keypoints": 100, "sources": row.wireBytes - 100]
                row.kind = row.clip == "clip 3" ? "large turn" : "still head"
            }
            try store.add(
                row,
                PictureRow(
                    clip: row.clip, codec: row.codec, setting: row.setting, pictures: [0],
                    values: [:]))
        }
        let description = RunDescription(
            conditions: .init(
                every: 5, ffmpeg: "ffmpeg <1>", options: ["vp8": ["-crf", "@"]], network: "00ff"),
            machine: .here, command: "pantograph-measure & more", clipCount: 10, jobs: 1,
            leftOut: ["DISTS"], encoders: ["libvpx": "v1.17.0"])
        let problems = [Problem(clip: "x & y", reason: "broken <here>")]
        let unmade = try ReportWriter(folder: folder.path, ffmpeg: nil)
            .write(description, problems: problems)
        #expect(unmade.count == 1 && unmade[0].reason.contains("no PNG plots"))
        let html = try String(contentsOfFile: folder.file("report.html"), encoding: .utf8)
        for words in [
            "broken &lt;here&gt;", "x &amp; y", "ffmpeg &lt;1&gt;", "left out: DISTS",
            "pantograph-measure &amp; more", "<svg ", "VP8 (libvpx)", "-50\u{a0}%",
            "Where this codec's bits go", "Where the errors are, by kind of clip", "large turn",
            "libvpx v1.17.0",
        ] {
            #expect(html.contains(words), "\(words)")
        }
        // Nothing is loaded from elsewhere.
        #expect(!html.contains("src=\"http") && !html.contains("href="))
        struct Entry: Decodable {
            let codec, metric, rate: String
            let percent, low, high: Double
            let interval: [Double]
        }
        let entries = try JSONDecoder().decode(
            [Entry].self, from: Data(contentsOf: URL(filePath: folder.file("bd-rate.json"))))
        #expect(Set(entries.map(\.rate)) == ["payload", "wire"])
        let table = try String(contentsOfFile: folder.file("rate-quality.csv"), encoding: .utf8)
        #expect(table.split(separator: "\n").count == 1 + Self.rows.count)
        for name in ["lpips-payload", "lpips-wire", "bits"] {
            let parser = XMLParser(
                data: try Data(contentsOf: URL(filePath: folder.file("plots/\(name).svg"))))
            #expect(parser.parse(), "\(name)")
        }
        #expect(throws: ReportWriter.Failure.self) {
            try ReportWriter(folder: folder.file("plots"), ffmpeg: nil)
                .write(description, problems: [])
        }
    }

    @Test(
        arguments: [[0.0, 1], [0.012, 0.31], [21.3, 41.9], [-0.4, 0.2], [5, 5.0001]] as [[Double]])
    func ticksHoldAllValues(range: [Double]) {
        let (low, high) = (range[0], range[1])
        let ticks = Plot.ticks(low, high)
        #expect(ticks[0] <= low + 1e-9 && ticks[ticks.count - 1] >= high - 1e-9)
        #expect((2...9).contains(ticks.count))
    }
}
