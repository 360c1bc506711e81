import AV1
import ArgumentParser
import Capture
import Foundation
import Inference
import KeypointCoding
import Media
import NeuralVideo
import Pipeline
import ProgramOptions
import RateQuality
import Security
import Session
import VideoCoding

/// One call of ``RateQualityCommand``, in a process of its own so that its cost can be told.
struct ClipCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clip-call",
        abstract: "Sends one clip to itself over a perfect link; for rate-quality.",
        shouldDisplay: false)

    @Option(help: ArgumentHelp("The clip.", valueName: "file"))
    var input: String

    @Option(help: ArgumentHelp("Where rebuilt pictures go, as plain I420.", valueName: "file"))
    var pictures: String

    @Option(help: ArgumentHelp("Where rates and costs go.", valueName: "file.json"))
    var report: String

    @Option(
        help: ArgumentHelp(
            "Sources come during the call, too, chosen as if so much were left to them.",
            valueName: "kbit/s"))
    var sourceRate: Double?

    @Option(
        help: ArgumentHelp(
            "With --source-rate: by what share of itself the expected distance must fall for a source.",
            valueName: "share"))
    var leastGain = 0.1

    @OptionGroup(title: "Coding") var coding: CodingOptions
    @OptionGroup(title: "Network") var network: NetworkOptions

    func run() async throws {
        let source = VideoSource(try VideoReader(VideoInput(input)), isCamera: false)
        let engine = try Engine()
        let files =
            try network.model.map { path throws(ModelError) in try ModelFiles(folder: path) }
            ?? .shipped()
        let options = Model.Options(
            threads: network.threads, precision: network.precision.precision)
        let (sending, receiving) = (CostMeter(), CostMeter())
        let encoder = VideoEncoder(
            detector: MeteredDetector(
                try NeuralKeypointDetector(files, engine: engine, options: options), sending),
            stillEncoder: MeteredStillEncoder(AV1StillEncoder(), sending),
            stillDecoder: MeteredStillDecoder(AV1StillDecoder(), sending),
            keypointEncoder: try KeypointEncoder(files.keypointTables))
        let generator = try NeuralPictureGenerator(files, engine: engine, options: options)
        let decoder = VideoDecoder(
            generator: MeteredGenerator(generator, receiving),
            stillDecoder: MeteredStillDecoder(AV1StillDecoder(), receiving),
            keypointDecoder: KeypointDecoder(files.keypointTables), size: generator.pictureSize)
        var conditions = SimulatedCall.Options(plan: try coding.plan(hasSound: false))
        // As calls are: what the handshake takes counts. A fixed key, so that equal calls take equal bytes.
        var random = SplitMix64(seed: conditions.seed)
        conditions.credentials = .shared(PreSharedKey(using: &random))
        conditions.sourceRate = sourceRate.map(Bitrate.init(kilobitsPerSecond:))
        let call = try SimulatedCall(
            encoder: encoder, decoder: decoder, size: .standard, options: conditions,
            choice: sourceRate == nil
                ? nil : try choice(conditions.plan, engine, files, options, sending))
        let shown = ShownPictures()
        let result = try call.run(source, stills: []) { shown.take($0) }
        try shown.write(to: pictures)
        let headers = result.datagrams * DataSize.ipv4AndUDPHeaders.bytes
        let handshake = result.handshakeWire.bytes
        // What travelled of them: a slow call may end before the last one is there.
        let sources = result.sourceWire.bytes
        let other = result.wire.bytes - headers - handshake - result.keypointBytes - sources
        let told = OwnCodec.Report(
            payloadBytes: result.keypointBytes + sources,
            wireBytes: result.wire.bytes, datagrams: result.datagrams + result.handshakes,
            parts: [
                "keypoints": result.keypointBytes, "sources": sources,
                "IPv4 and UDP headers": headers, "protocol": other, "handshake": handshake,
            ],
            heldPictures: shown.heldCount, encodeSeconds: sending.total.seconds,
            decodeSeconds: receiving.total.seconds)
        try JSONFile.write(told, to: report)
    }

    func validate() throws {
        if let sourceRate, !(sourceRate > 0 && sourceRate.isFinite) {
            throw ValidationError("--source-rate \(sourceRate): use a rate above zero")
        }
        guard leastGain >= 0 else {
            throw ValidationError("--least-gain \(leastGain): use 0 or more")
        }
    }

    /// What chooses sources during the call, at the sender's cost.
    private func choice(
        _ plan: CallPlan, _ engine: Engine, _ files: ModelFiles, _ options: Model.Options,
        _ sending: CostMeter
    ) throws -> SourceChoice {
        var configuration = SourcePolicy.Configuration()
        configuration.planQuantizer = plan.sourceQuantizer
        // Here bits are not there to be used up: what they bring counts to the end.
        configuration.leastGain = leastGain
        configuration.firstGain = leastGain
        let detector = try NeuralKeypointDetector(files, engine: engine, options: options)
        let generator = try NeuralPictureGenerator(files, engine: engine, options: options)
        return SourceChoice(
            SourcePolicy(.adaptive, configuration),
            coder: SourceCoder(
                detector: MeteredDetector(detector, sending),
                stillEncoder: MeteredStillEncoder(AV1StillEncoder(), sending),
                stillDecoder: MeteredStillDecoder(AV1StillDecoder(), sending),
                keypointEncoder: try KeypointEncoder(files.keypointTables)),
            rehearsal: Rehearsal(generator: MeteredGenerator(generator, sending)))
    }
}

/// What the receiver has on its screen at each picture of the sender.
private final class ShownPictures {
    private var sent: [PictureNumber] = []
    private var shown: [PictureNumber: DecodedPicture] = [:]
    /// Before the first picture the screen is black.
    private static let black = VideoFrame(
        RGBImage(size: .standard, red: 0, green: 0, blue: 0), time: .zero)

    func take(_ step: SimulationStep) {
        switch step {
        case .source, .heldSource, .looked, .steppedAside: break
        case .sent(let number, _): sent.append(number)
        case .shown(let picture): shown[picture.number] = picture
        }
    }

    /// Pictures that were not rebuilt from their own keypoints.
    var heldCount: Int { sent.count { shown[$0]?.origin != .generated } }

    /// Writes all planes one after another, for each picture that was sent.
    func write(to path: String) throws {
        var data = Data()
        var latest = Self.black
        for number in sent {
            latest = shown[number]?.frame ?? latest
            guard let latest else { continue }
            data += Data(latest.y) + Data(latest.u) + Data(latest.v)
        }
        do {
            try data.write(to: URL(filePath: path))
        } catch {
            throw ReportError.cannotWrite(path: path, reason: "\(error.localizedDescription)")
        }
    }
}
