public import KeypointCoding
public import Media

/// The sender's half of the codec: pictures in, coded sources and keypoint units out.
public final class VideoEncoder {
    /// What can be chosen.
    public struct Configuration: Hashable, Sendable {
        /// VP8's quantiser for sources, 0 (finest) … 63.
        public var sourceQuantizer = 20
        /// How finely keypoints are sent.
        public var step = QuantizerStep.halfPixel
        /// Pictures in a unit, 1…16: more of them cost fewer headers and more delay.
        public var picturesPerUnit = 3

        /// The defaults: quantiser 20, half a pixel, three pictures.
        public init() {}
    }

    private let detector: any KeypointDetector
    private let stillEncoder: any StillImageEncoder
    private let stillDecoder: any StillImageDecoder
    private let configuration: Configuration
    private var references: [(source: SourceIdentifier, keypoints: QuantizedKeypoints)] = []
    private var acknowledged: Set<SourceIdentifier> = []
    private var waiting: [QuantizedKeypoints] = []
    private var firstWaiting: PictureNumber?
    private var sourceSet = SourceSetNumber.zero

    /// Puts an encoder together from its backends.
    public init(
        detector: any KeypointDetector, stillEncoder: any StillImageEncoder,
        stillDecoder: any StillImageDecoder, configuration: Configuration = Configuration()
    ) {
        self.detector = detector
        self.stillEncoder = stillEncoder
        self.stillDecoder = stillDecoder
        self.configuration = configuration
    }

    /// Codes a picture as a source image.
    ///
    /// The keypoints are found in the decoded key frame: what the receiver will hold.
    public func encodeSource(
        _ picture: VideoFrame, as identifier: SourceIdentifier
    ) throws(CodecError) -> CodedSource {
        let keyFrame = try stillEncoder.encode(
            picture, quantizer: configuration.sourceQuantizer)
        let decoded = try stillDecoder.decode(keyFrame, largest: picture.size)
        let keypoints = QuantizedKeypoints(
            try detector.detect(in: decoded), step: configuration.step)
        references.append((identifier, keypoints))
        let payload = try SourcePayload(keypoints: keypoints, keyFrame: keyFrame).encoded()
        return CodedSource(identifier: identifier, payload: payload)
    }

    /// Tells that the receiver holds a source, so that keypoints may be predicted from it.
    public func acknowledge(_ identifier: SourceIdentifier) { acknowledged.insert(identifier) }

    /// Tells which sources belong together from now on.
    public func insert(_ set: SourceSet) { sourceSet = set.number }

    /// Tells that the receiver holds a whole set, so that pictures may be rebuilt from it.
    public func acknowledge(_ set: SourceSetNumber) {}

    /// Tells that the receiver has these pictures' keypoints, so that others may be predicted from them.
    public func acknowledgePictures(from first: PictureNumber, count: Int) {}

    /// Finds the keypoints of a picture and returns the units that are now complete.
    ///
    /// A number that does not follow the last one ends the unit before it.
    /// - Throws: ``CodecError/sourceCount(_:)`` before the first source.
    public func encode(
        _ picture: VideoFrame, number: PictureNumber
    ) throws(CodecError) -> [CodedKeypoints] {
        guard !references.isEmpty else { throw .sourceCount(0) }
        let keypoints = QuantizedKeypoints(
            try detector.detect(in: picture), step: configuration.step)
        var units: [CodedKeypoints] = []
        if let first = firstWaiting, first.advanced(by: waiting.count) != number {
            units += try flush()
        }
        if waiting.isEmpty { firstWaiting = number }
        waiting.append(keypoints)
        if waiting.count >= configuration.picturesPerUnit { units += try flush() }
        return units
    }

    /// Ends the unit that is being filled, if any.
    public func flush() throws(CodecError) -> [CodedKeypoints] {
        guard let first = firstWaiting, let picture = waiting.first else { return [] }
        defer {
            waiting = []
            firstWaiting = nil
        }
        guard let reference = nearestReference(to: picture) else { throw .sourceCount(0) }
        do {
            let payload = try KeypointCoder.encode(waiting, reference: reference.keypoints)
            let unit = CodedKeypoints(
                firstPicture: first, pictureCount: waiting.count, sourceSet: sourceSet,
                reference: .source(reference.source), payload: payload)
            return unit.map { [$0] } ?? []
        } catch {
            throw .keypointCount(expected: reference.keypoints.count, found: picture.count)
        }
    }

    /// The acknowledged source with the nearest keypoints; the first source while none is.
    private func nearestReference(
        to keypoints: QuantizedKeypoints
    ) -> (source: SourceIdentifier, keypoints: QuantizedKeypoints)? {
        let held = references.filter { acknowledged.contains($0.source) }
        return held.min {
            $0.keypoints.squaredDistance(to: keypoints)
                < $1.keypoints.squaredDistance(to: keypoints)
        } ?? references.first
    }
}
