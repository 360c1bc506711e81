import Media
import Session
import VideoCoding

/// The sources of a call in the order they go out: first a small one where the rate is low, so that there
/// is something to see, then the pictures in full.
struct SourceSchedule {
    /// Sources and the sets they make up.
    let frames: [EncodedFrame]
    /// The sources as the receiver will have them.
    let sources: [EncodedSource]
    /// Whether the first of them is a small one.
    let isFirstCoarse: Bool
    /// The sets, as they follow each other.
    let sets: [SourceSet]
    /// The bytes of all sources.
    let size: DataSize

    /// AV1's quantiser of full sources.
    let quantizer: Int

    /// A full source that takes longer than this gets a small one ahead of it.
    private static let patience = Duration.seconds(1)
    /// Headers and the pacer take the rest.
    private static let usableShare = 0.88

    /// Codes pictures as sources and tells the encoder of the sets.
    ///
    /// - Parameter choice: who chooses what follows: a single picture is then coded as finely as can go out
    ///   in a second, and where that takes a small one, this is all for now.
    init(
        _ pictures: [VideoFrame], encoder: VideoEncoder, rate: Bitrate, choice: SourceChoice? = nil
    ) throws(CodecError) {
        let isBeginning = choice?.policy.isAdaptive ?? false && pictures.count == 1
        let ladder = choice?.policy.configuration.quantizers.sorted() ?? []
        var coded: [EncodedSource] = []
        var quantizer = encoder.configuration.sourceQuantizer
        for (index, picture) in pictures.enumerated() {
            // Number 0 is the small one's.
            let identifier = SourceIdentifier(UInt16(index + 1))
            var source = try encoder.encodedSource(picture, as: identifier)
            for finer in isBeginning ? ladder : [] {
                encoder.configuration.sourceQuantizer = finer
                source = try encoder.encodedSource(picture, as: identifier)
                quantizer = finer
                let size = DataSize(bytes: source.coded.payload.count)
                if rate.duration(of: size) <= Self.patience * Self.usableShare { break }
            }
            coded.append(source)
        }
        self.quantizer = quantizer
        var sources: [EncodedSource] = []
        var groups: [[SourceIdentifier]] = []
        if let first = pictures.first, let full = coded.first,
            rate.duration(of: DataSize(bytes: full.coded.payload.count)) > Self.patience
        {
            let small = try encoder.encodedSource(
                first, as: SourceIdentifier(0), isCoarse: true)
            if small.coded.payload.count * 2 <= full.coded.payload.count {
                sources.append(small)
                groups.append([small.coded.identifier])
            }
        }
        isFirstCoarse = !sources.isEmpty
        if isBeginning, isFirstCoarse, coded.count == 1 { coded = [] }
        sources += coded
        let names = coded.map(\.coded.identifier)
        groups += names.count > 1 ? [[names[0]]] : []
        if !names.isEmpty { groups.append(names) }
        var sets: [SourceSet] = []
        for (index, group) in groups.enumerated() {
            let number = SourceSetNumber(UInt8(index))
            guard let set = SourceSet(number: number, sources: group) else {
                throw .sourceCount(group.count)
            }
            encoder.insert(set)
            sets.append(set)
        }
        self.sources = sources
        self.sets = sets
        frames = sources.map { .source($0.coded) } + sets.map { .sourceSet($0) }
        size = DataSize(
            bytes: frames.reduce(0) {
                if case .source(let source) = $1 { $0 + source.payload.count } else { $0 }
            })
    }
}
