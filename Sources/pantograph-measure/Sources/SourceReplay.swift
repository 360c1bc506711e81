import AV1
import Capture
import Foundation
import KeypointCoding
import Media
import NeuralVideo
import Pipeline
import ProgramOptions
import Quality
import Session
import VP8
import VideoCoding

/// Replays a clip as calls that differ in rate and policy.
final class SourceReplay {
    /// Why a clip is passed over.
    enum Failure: Error, CustomStringConvertible {
        case tooShort(pictures: Int)
        case impossibleRate(Bitrate)

        var description: String {
            switch self {
            case .tooShort(let count): "\(count) pictures are too few, at least 3 are needed"
            case .impossibleRate(let rate): "no call has \(rate.kilobitsPerSecond) kbit/s"
            }
        }
    }

    private let backends: NetworkBackends
    private let lpips: LPIPS
    private let every: Int
    private let settings: PolicySettings
    private let hasVoice: Bool
    private let trace: JSONLinesWriter?
    private let detector: RememberingDetector
    private let shown: SparseGenerator
    private let rehearsed: NeuralPictureGenerator
    private var clip = ""
    private var pictures: [VideoFrame] = []
    private var count = 0

    init(
        _ backends: NetworkBackends, lpips: String, every: Int,
        settings: PolicySettings, hasVoice: Bool, trace: JSONLinesWriter?
    ) throws {
        self.backends = backends
        self.lpips = try LPIPS(weights: lpips, engine: backends.engine)
        self.every = every
        self.settings = settings
        self.hasVoice = hasVoice
        self.trace = trace
        detector = RememberingDetector(try backends.detector())
        shown = SparseGenerator(try backends.generator(), every: every)
        rehearsed = try backends.generator()
    }

    /// Reads a clip, which is then played forth and back for so long, or once.
    func open(_ file: URL, duration: Duration?) throws {
        clip = file.deletingPathExtension().lastPathComponent
        let reader = try VideoReader(VideoInput(file.path), size: .standard)
        pictures = []
        while let picture = try reader.next() { pictures.append(picture) }
        guard pictures.count >= 3 else { throw Failure.tooShort(pictures: pictures.count) }
        count = duration.map { Int($0.seconds * 25) } ?? pictures.count
        detector.forget()
    }

    /// Makes one call of the clip.
    func run(
        _ policy: SourcePolicyName, _ fallback: FallbackName, _ rate: Bitrate
    ) throws -> SourceRow {
        guard let plan = CallPlan(rate: rate, hasSound: hasVoice) else {
            throw Failure.impossibleRate(rate)
        }
        let still = AV1StillDecoder()
        let encoder = VideoEncoder(
            detector: detector, stillEncoder: AV1StillEncoder(), stillDecoder: still,
            keypointEncoder: try KeypointEncoder(backends.files.keypointTables))
        let decoder = VideoDecoder(
            generator: shown, stillDecoder: still,
            keypointDecoder: KeypointDecoder(backends.files.keypointTables),
            streamDecoder: VP8StreamDecoder(), size: .standard)
        var configuration = settings.sources
        configuration.planQuantizer =
            settings.planQuantizer < 0 ? plan.sourceQuantizer : settings.planQuantizer
        var choice = SourceChoice(
            SourcePolicy(policy.kind, configuration),
            coder: SourceCoder(
                detector: detector, stillEncoder: AV1StillEncoder(), stillDecoder: still,
                keypointEncoder: try KeypointEncoder(backends.files.keypointTables)),
            rehearsal: policy.kind == .adaptive || fallback != .off
                ? Rehearsal(generator: rehearsed) : nil)
        choice.fallback = NetworkBackends.fallback(fallback.kind, settings.aside)
        var options = SimulatedCall.Options(plan: plan)
        options.lookInterval = settings.lookInterval
        let call = try SimulatedCall(
            encoder: encoder, decoder: decoder, size: .standard, options: options, choice: choice)
        let name =
            fallback == .off ? policy.name : "\(policy.name)+\(fallback.rawValue)"
        var row = SourceRow(clip: clip, policy: name, rate: rate.kilobitsPerSecond)
        var sent: [PictureNumber: VideoFrame] = [:]
        let source = BouncingClip(pictures, count: count)
        let result = try call.run(source, stills: []) { step in
            switch step {
            case .source, .heldSource: break
            case .steppedAside(let line):
                row.changes.append(line)
                trace?.write(
                    TracedChange(clip: clip, policy: row.policy, rate: row.rate, change: line))
            case .looked(let line):
                if line.source != nil { row.orders += 1 }
                row.looks += 1
                row.sources = max(row.sources, line.sources.count)
                trace?.write(Traced(clip: clip, policy: row.policy, rate: row.rate, look: line))
            case .sent(let number, let picture):
                if Int(number.rawValue).isMultiple(of: every) { sent[number] = picture }
            case .shown(let picture):
                guard let original = sent.removeValue(forKey: picture.number) else { return }
                let (before, after) = (RGBImage(original), RGBImage(picture.frame))
                row.pictures.append(Int(picture.number.rawValue))
                row.origins.append(picture.isMarked ? "still" : "\(picture.origin)")
                row.lpips.append(rounded(try lpips.distance(before, after)))
                row.psnr.append(rounded(min(100, try PixelDistance(before, after).psnr)))
            }
        }
        row.take(result)
        return row
    }

    private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

    private struct TracedChange: Encodable {
        let clip: String
        let policy: String
        let rate: Double
        let change: FallbackLine
    }

    private struct Traced: Encodable {
        let clip: String
        let policy: String
        let rate: Double
        let look: SourceLine
    }
}
