import Capture
import Foundation
import KeypointCoding
import Media
import NeuralVideo
import Pipeline
import Quality
import VideoCoding

/// Rebuilds whole clips by the rules of `Training/evaluate.py`, so that figures of the two can be
/// compared.
///
/// A clip is read at 25 pictures a second, and each so-many-th picture is rebuilt from sources that
/// are spread evenly over those pictures, the first always among them.
struct ClipRebuilder {
    /// Why a clip is passed over.
    enum Failure: Error, CustomStringConvertible {
        case tooShort(pictures: Int)

        var description: String {
            switch self {
            case .tooShort(let pictures): "\(pictures) pictures are too few, at least 3 are needed"
            }
        }
    }

    let detector: NeuralKeypointDetector
    let generator: NeuralPictureGenerator
    let lpips: LPIPS?
    /// Each so-many-th picture is rebuilt.
    let every: Int
    /// How sources are compressed; nil for sources as they are.
    let still: StillCompression?
    /// How driving keypoints are coded; nil for keypoints as they are.
    let coding: (encoder: KeypointEncoder, step: QuantizerStep)?

    /// Measures a clip: the first picture shown unchanged, then each number of sources.
    func measure(_ clip: URL, counts: [Int]) throws -> [RebuildRow] {
        let pictures = try read(clip)
        guard pictures.count >= 3 else { throw Failure.tooShort(pictures: pictures.count) }
        let truth = pictures.map { RGBImage($0) }
        let driving = try received(pictures.map { try detector.detect(in: $0) })
        let name = clip.deletingPathExtension().lastPathComponent
        func row(_ sources: RebuildRow.Sources, _ image: (Int) throws -> RGBImage) throws
            -> RebuildRow
        {
            let meter = QualityMeter(lpips: lpips)
            for index in truth.indices {
                let number = PictureNumber(UInt32(index * every))
                try meter.add(number, original: truth[index], shown: image(index))
            }
            return RebuildRow(clip: name, sources: sources, figures: meter.pictures)
        }
        var rows = [try row(.copied) { _ in truth[0] }]
        for count in counts {
            for identifier in generator.sources { generator.remove(identifier) }
            for source in 0..<count {
                let picture = try asSent(pictures[source * pictures.count / count])
                try generator.insert(
                    picture, keypoints: detector.detect(in: picture),
                    as: SourceIdentifier(UInt16(source)))
            }
            rows.append(try row(.count(count)) { try generator.image(driving[$0]) })
        }
        return rows
    }

    private func read(_ clip: URL) throws -> [VideoFrame] {
        let reader = try VideoReader(VideoInput(clip.path), size: detector.pictureSize)
        var pictures = [VideoFrame]()
        var number = 0
        while let picture = try reader.next() {
            if number.isMultiple(of: every) { pictures.append(picture) }
            number += 1
        }
        return pictures
    }

    /// Keypoints as the receiver has them: each coded alone, the first from the mean picture, each
    /// other one from the one before.
    private func received(_ keypoints: [Keypoints]) throws -> [Keypoints] {
        guard let (encoder, step) = coding else { return keypoints }
        var before: KeypointState?
        return try keypoints.map { keypoints in
            let coded = try encoder.encode(
                [KeypointState(keypoints)], step: step,
                reference: before ?? encoder.tables.mean,
                kind: before == nil ? .mean : .picture(distance: every))
            before = coded.states[0]
            return coded.states[0].keypoints
        }
    }

    /// A source as the receiver has it.
    private func asSent(_ picture: VideoFrame) throws -> VideoFrame {
        try still?.apply(to: picture) ?? picture
    }
}
