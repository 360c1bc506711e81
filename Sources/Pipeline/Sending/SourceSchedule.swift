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
    /// The small one, where it is only to be looked at until the first set is there.
    var still: SourceIdentifier? {
        guard let first = sources.first?.coded.identifier, isFirstCoarse,
            !sets.contains(where: { $0.sources.contains(first) })
        else { return nil }
        return first
    }
    /// The sets, as they follow each other.
    let sets: [SourceSet]
    /// The bytes of all sources.
    let size: DataSize

    /// AV1's quantiser of full sources.
    let quantizer: Int

    /// A full source that takes longer than this gets a small one ahead of it: a long way and the handshake take
    /// what is left of a second and a half.
    private static let smallPatience = Duration.milliseconds(500)
    /// What begins a call on its own, or follows the small one, is as fine as goes out in so long.
    private static let patience = Duration.seconds(1)
    /// Headers and the pacer take the rest.
    private static let usableShare = 0.88
    /// A small source is the first of these, sides in pixels and quantisers, that takes no more bytes than ``smallSize``.
    /// Over the first pictures of 15 training clips they took 687, 470, 376, 300 and 204 bytes, and LPIPS from the picture
    /// was 0.18, 0.26, 0.31, 0.35 and 0.46.
    private static let smallLooks: [(side: Int, quantizer: Int)] = [
        (side: 256, quantizer: 57), (192, 57), (160, 57), (128, 57), (96, 57),
    ]
    /// What goes out in three tenths of a second at the rate that calls begin with, with hello and offer.
    private static let smallSize = 450

    /// Codes pictures as sources and tells the encoder of the sets.
    ///
    /// - Parameter choice: who chooses what follows: a single picture is then coded as finely as can go out
    ///   in a second.
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
            if isBeginning, let finest = try Self.finest(ladder, picture, identifier, encoder, rate)
            {
                quantizer = finest.quantizer
                coded.append(finest.source)
            } else {
                coded.append(try encoder.encodedSource(picture, as: identifier))
            }
        }
        self.quantizer = quantizer
        var sources: [EncodedSource] = []
        var groups: [[SourceIdentifier]] = []
        if let first = pictures.first, let full = coded.first,
            rate.duration(of: DataSize(bytes: full.coded.payload.count))
                > (isBeginning ? Self.smallPatience : Self.patience)
        {
            let small = try Self.small(first, encoder)
            if small.coded.payload.count * 3 <= full.coded.payload.count * 2 {
                sources.append(small)
                // Where what follows is no set of poses but the same picture, and soon there, it is better waited
                // for: a small one that moves looks worse than a still.
                if !isBeginning { groups.append([small.coded.identifier]) }
            }
        }
        isFirstCoarse = !sources.isEmpty
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

    /// The finest that goes out in time, or else the coarsest: found by halving, since nothing is seen before it is
    /// coded, and each try takes as long as a picture lasts.
    private static func finest(
        _ ladder: [Int], _ picture: VideoFrame, _ identifier: SourceIdentifier,
        _ encoder: VideoEncoder, _ rate: Bitrate
    ) throws(CodecError) -> (source: EncodedSource, quantizer: Int)? {
        var (first, last) = (0, ladder.count - 1)
        var best: (source: EncodedSource, quantizer: Int)?
        while first <= last {
            let middle = (first + last) / 2
            encoder.configuration.sourceQuantizer = ladder[middle]
            let source = try encoder.encodedSource(picture, as: identifier)
            let size = DataSize(bytes: source.coded.payload.count)
            let fits = rate.duration(of: size) <= patience * usableShare
            if fits || best == nil || middle == ladder.count - 1 {
                best = (source, ladder[middle])
            }
            if fits { last = middle - 1 } else { first = middle + 1 }
        }
        // The encoder remembers what it coded last under this name.
        if let best {
            encoder.configuration.sourceQuantizer = best.quantizer
            try encoder.insert(best.source)
        }
        return best
    }

    /// Something to see at once, in as few bytes as that takes.
    private static func small(
        _ picture: VideoFrame, _ encoder: VideoEncoder
    ) throws(CodecError) -> EncodedSource {
        let usual = encoder.configuration
        defer { encoder.configuration = usual }
        for look in smallLooks.dropLast() {
            encoder.configuration.coarseSide = look.side
            encoder.configuration.coarseQuantizer = look.quantizer
            let small = try encoder.encodedSource(
                picture, as: SourceIdentifier(0), isCoarse: true)
            if small.coded.payload.count <= smallSize { return small }
        }
        let least = smallLooks[smallLooks.count - 1]
        encoder.configuration.coarseSide = least.side
        encoder.configuration.coarseQuantizer = least.quantizer
        return try encoder.encodedSource(picture, as: SourceIdentifier(0), isCoarse: true)
    }
}
