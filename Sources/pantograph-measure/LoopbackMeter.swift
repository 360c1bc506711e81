import Media
import NetworkEmulation
import Pipeline
import Presentation
import Quality
import VideoCoding

/// Takes the steps of a simulated call: stores what is shown, measures it, collects rows of a
/// sheet.
final class LoopbackMeter {
    private let every: Int
    private let sink: (any PictureSink)?
    private let progress: ProgressLine
    private let expected: Int?
    private let shown: QualityMeter
    private let copied: QualityMeter
    private let sheetRows: Int
    private var source: RGBImage?
    private var originals: [PictureNumber: VideoFrame] = [:]
    private var rows: [(picture: PictureNumber, images: [RGBImage])] = []

    init(
        lpips: LPIPS?, every: Int, sheetRows: Int, sink: (any PictureSink)?,
        progress: ProgressLine, expected: Int?
    ) {
        self.every = every
        self.sheetRows = sheetRows
        self.sink = sink
        self.progress = progress
        self.expected = expected
        shown = QualityMeter(lpips: lpips)
        copied = QualityMeter(lpips: lpips)
    }

    func take(_ step: SimulationStep) throws {
        switch step {
        case .source(let picture):
            if source == nil { source = RGBImage(picture) }
        case .heldSource, .looked, .steppedAside: break
        case .sent(let number, let picture):
            originals[number] = picture
            if number.rawValue.isMultiple(of: 25) {
                let total = expected.map { " of \($0)" } ?? ""
                progress.show("picture \(number.rawValue)\(total)")
            }
        case .shown(let picture): try take(picture)
        }
    }

    private func take(_ picture: DecodedPicture) throws {
        try sink?.show(picture.frame)
        guard let original = originals.removeValue(forKey: picture.number) else { return }
        guard Int(picture.number.rawValue).isMultiple(of: every), let source else { return }
        let before = RGBImage(original)
        let after = RGBImage(picture.frame)
        try shown.add(picture.number, original: before, shown: after)
        try copied.add(picture.number, original: before, shown: source)
        if sheetRows > 0, let difference = ContactSheet.difference(before, after) {
            rows.append((picture.number, [source, before, after, difference]))
        }
    }

    /// What was measured of the pictures that were shown; and of the source, had it been shown instead.
    var shownQuality: QualitySummary? { shown.summary }
    var copiedQuality: QualitySummary? { copied.summary }
    /// Each measured picture.
    var pictures: [PictureQuality] { shown.pictures }

    func finish() throws {
        progress.clear()
        try sink?.finish()
    }

    /// Rows spread evenly over the clip.
    var sheet: RGBImage? {
        var sheet = ContactSheet()
        let count = min(sheetRows, rows.count)
        for index in 0..<count {
            sheet.add(rows[(2 * index + 1) * rows.count / (2 * count)].images)
        }
        return sheet.image
    }

    func report(_ result: SimulationResult, input: String, linkSeed: UInt64) -> LoopbackReport {
        let later = result.mediaTime - .seconds(1)
        func rate(_ bytes: Int) -> Double {
            Bitrate(DataSize(bytes: bytes), over: result.mediaTime).kilobitsPerSecond
        }
        return LoopbackReport(
            input: input, linkSeed: linkSeed, sentPictures: result.sentPictures,
            generatedPictures: result.generatedPictures, lostPictures: result.lostPictures,
            longestLoss: result.longestLoss, seconds: result.mediaTime.seconds,
            wireKilobitsPerSecond: rate(result.wire.bytes),
            wireKilobitsPerSecondAfterFirstSecond: later > .zero
                ? Bitrate(result.wireAfterFirstSecond, over: later).kilobitsPerSecond : 0,
            keypointKilobitsPerSecond: rate(result.keypointBytes),
            sourceBytes: result.sourceBytes, datagrams: result.datagrams,
            lostDatagrams: result.link.lost + result.link.dropped, quality: shown.summary,
            copiedSource: copied.summary, stages: result.stages, pictures: shown.pictures)
    }
}
