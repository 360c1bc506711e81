import Media
import Session
import VideoCoding

/// The sources of a call in the order they go out: first a small one where the rate is low, so that there
/// is something to see, then the pictures in full.
struct SourceSchedule {
    /// Sources and the sets they make up.
    let frames: [EncodedFrame]
    /// The bytes of all sources.
    let size: DataSize

    /// A full source that takes longer than this gets a small one ahead of it.
    private static let patience = Duration.seconds(1)

    /// Codes pictures as sources and tells the encoder of the sets.
    init(
        _ pictures: [VideoFrame], encoder: VideoEncoder, rate: Bitrate
    ) throws(CodecError) {
        var coded: [CodedSource] = []
        for (index, picture) in pictures.enumerated() {
            // Number 0 is the small one's.
            let identifier = SourceIdentifier(UInt16(index + 1))
            coded.append(try encoder.encodeSource(picture, as: identifier))
        }
        var frames: [EncodedFrame] = []
        var groups: [[SourceIdentifier]] = []
        if let first = pictures.first, let full = coded.first,
            rate.duration(of: DataSize(bytes: full.payload.count)) > Self.patience
        {
            let small = try encoder.encodeSource(
                first, as: SourceIdentifier(0), isCoarse: true)
            if small.payload.count * 2 <= full.payload.count {
                frames.append(.source(small))
                groups.append([small.identifier])
            }
        }
        frames += coded.map { .source($0) }
        groups += coded.count > 1 ? [[coded[0].identifier]] : []
        groups.append(coded.map(\.identifier))
        for (index, group) in groups.enumerated() {
            let number = SourceSetNumber(UInt8(index))
            guard let set = SourceSet(number: number, sources: group) else {
                throw .sourceCount(group.count)
            }
            encoder.insert(set)
            frames.append(.sourceSet(set))
        }
        self.frames = frames
        size = DataSize(
            bytes: frames.reduce(0) {
                if case .source(let source) = $1 { $0 + source.payload.count } else { $0 }
            })
    }
}
