public import KeypointCoding
public import Media

/// The sender's half of the codec: pictures in, coded sources and keypoint units out.
///
/// Units are predicted from the nearest of what the receiver has acknowledged, sources and the last
/// pictures, so that a lost unit costs its own pictures only.
public final class VideoEncoder {
    /// What can be chosen, and changed during a call.
    public struct Configuration: Hashable, Sendable {
        /// AV1's quantiser for sources, 0 (finest) … 63.
        public var sourceQuantizer = 20
        /// How finely keypoints are sent.
        public var step = QuantizerStep.standard
        /// Pictures in a unit, 1…6: more of them cost fewer headers and more delay.
        public var picturesPerUnit = 3
        /// Whether each unit also says the pictures before it again, for links that lose datagrams.
        public var saysAgain = false
        /// The longer side of a coarse source, in pixels.
        public var coarseSide = 160
        /// AV1's quantiser for coarse sources; at 160 pixels 50 gives some 550 bytes.
        public var coarseQuantizer = 50

        /// The defaults: quantiser 20, the standard step, three pictures.
        public init() {}
    }

    /// What is chosen; changes hold from the next unit and the next source on.
    public var configuration: Configuration

    private let detector: any KeypointDetector
    private let sourceCoder: SourceCoder
    private let keypointEncoder: KeypointEncoder
    private var references: ReferenceMemory
    private var waiting: [KeypointState] = []
    private var firstWaiting: PictureNumber?
    /// The pictures of the last unit, and the number after them.
    private var previous: (pictures: [KeypointState], end: PictureNumber)?

    /// Puts an encoder together from its backends.
    public init(
        detector: any KeypointDetector, stillEncoder: any StillImageEncoder,
        stillDecoder: any StillImageDecoder, keypointEncoder: KeypointEncoder,
        configuration: Configuration = Configuration()
    ) {
        self.detector = detector
        sourceCoder = SourceCoder(
            detector: detector, stillEncoder: stillEncoder, stillDecoder: stillDecoder,
            keypointEncoder: keypointEncoder)
        self.keypointEncoder = keypointEncoder
        self.configuration = configuration
        references = ReferenceMemory(keypointEncoder)
    }

    /// Codes a picture as a source image.
    ///
    /// The keypoints are found in the decoded key frame, as the receiver will hold it.
    /// - Parameter isCoarse: whether to make it small, for something to see within a second or so of
    ///   a slow call: the receiver scales it up.
    public func encodeSource(
        _ picture: VideoFrame, as identifier: SourceIdentifier, isCoarse: Bool = false
    ) throws(CodecError) -> CodedSource {
        try encodedSource(picture, as: identifier, isCoarse: isCoarse).coded
    }

    /// The same, with what the receiver makes of it.
    public func encodedSource(
        _ picture: VideoFrame, as identifier: SourceIdentifier, isCoarse: Bool = false
    ) throws(CodecError) -> EncodedSource {
        let source = try sourceCoder.encode(
            picture, as: identifier,
            quantizer: isCoarse ? configuration.coarseQuantizer : configuration.sourceQuantizer,
            side: isCoarse ? configuration.coarseSide : nil)
        try insert(source)
        return source
    }

    /// Takes in a source that was coded elsewhere, so that keypoints may be predicted from it once it is
    /// acknowledged.
    public func insert(_ source: EncodedSource) throws(CodecError) {
        try references.insert(source.state, of: source.coded.identifier)
    }

    /// Tells that the receiver holds a source, so that keypoints may be predicted from it.
    public func acknowledge(_ identifier: SourceIdentifier) { references.acknowledge(identifier) }

    /// Tells that a source is given up: it is predicted from no more.
    public func remove(_ identifier: SourceIdentifier) { references.remove(identifier) }

    /// Tells which sources belong together from the set's acknowledgement on.
    public func insert(_ set: SourceSet) { references.insert(set) }

    /// Tells that the receiver holds a whole set, so that pictures may be rebuilt from it.
    public func acknowledge(_ set: SourceSetNumber) { references.acknowledge(set) }

    /// Tells that the receiver has these pictures' keypoints, so that others may be predicted from them.
    public func acknowledgePictures(from first: PictureNumber, count: Int) {
        references.acknowledgePictures(from: first, count: count)
    }

    /// The newest set that the receiver has acknowledged: pictures are rebuilt from it.
    public var sourceSet: SourceSetNumber { references.sourceSet }

    /// Whether the receiver has acknowledged a set, or one that came after it.
    public func hasReached(_ set: SourceSetNumber) -> Bool { references.hasReached(set) }

    /// The keypoints of a picture as the receiver decodes them; nothing while its unit is being filled,
    /// and for a picture of long ago.
    public func codedKeypoints(of picture: PictureNumber) -> Keypoints? {
        references.state(of: picture)?.keypoints
    }

    /// Finds the keypoints of a picture and returns the units that are now complete.
    ///
    /// A number that does not follow the last one ends the unit before it.
    /// - Throws: ``CodecError/sourceCount(_:)`` before the first source.
    public func encode(
        _ picture: VideoFrame, number: PictureNumber
    ) throws(CodecError) -> [CodedKeypoints] {
        guard references.hasSources else { throw .sourceCount(0) }
        let state = KeypointState(try detector.detect(in: picture))
        var units: [CodedKeypoints] = []
        if let first = firstWaiting, first.advanced(by: waiting.count) != number {
            units += try flush()
        }
        if waiting.isEmpty { firstWaiting = number }
        waiting.append(state)
        let longest = min(configuration.picturesPerUnit, KeypointTables.largestPictureCount)
        if waiting.count >= longest { units += try flush() }
        return units
    }

    /// Ends the unit that is being filled, if any.
    public func flush() throws(CodecError) -> [CodedKeypoints] {
        guard let first = firstWaiting else { return [] }
        let pictures = waiting
        waiting = []
        firstWaiting = nil
        guard let reference = try references.nearest(to: pictures, from: first) else {
            throw .sourceCount(0)
        }
        let (payload, states) = try coded(
            pictures, step: configuration.step, reference: reference.state, kind: reference.kind)
        try references.insert(states, from: first)
        var unit = CodedKeypoints(
            firstPicture: first, pictureCount: pictures.count, sourceSet: references.sourceSet,
            reference: reference.name, payload: payload)
        if configuration.saysAgain { unit?.again = try again(before: first, states[0]) }
        previous = unit.map { (pictures, $0.end) }
        return unit.map { [$0] } ?? []
    }

    /// The pictures of the unit before, where they lie right before `first`: backwards in time, as if
    /// each came after the one that follows it, and coarsely.
    private func again(
        before first: PictureNumber, _ reference: KeypointState
    ) throws(CodecError) -> KeypointsAgain? {
        guard let previous, previous.end == first else { return nil }
        let index = min(configuration.step.index + Self.coarser, QuantizerStep.all.count - 1)
        let (payload, _) = try coded(
            previous.pictures.reversed(), step: QuantizerStep.all[index], reference: reference,
            kind: .picture(distance: 1))
        return KeypointsAgain(
            before: first, pictureCount: previous.pictures.count,
            sourceSet: references.sourceSet, payload: payload)
    }

    /// By so many steps what is said again is coarser: half of the bits.
    private static let coarser = 4

    private func coded(
        _ pictures: [KeypointState], step: QuantizerStep, reference: KeypointState,
        kind: ReferenceKind
    ) throws(CodecError) -> (payload: [UInt8], states: [KeypointState]) {
        do {
            return try keypointEncoder.encode(
                pictures, step: step, reference: reference, kind: kind)
        } catch {
            throw CodecError(error)
        }
    }
}
