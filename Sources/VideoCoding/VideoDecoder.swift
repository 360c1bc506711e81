import KeypointCoding
public import Media

/// The receiver's half of the codec: coded sources and keypoint units in, pictures out.
public final class VideoDecoder {
    private let generator: any PictureGenerator
    private let stillDecoder: any StillImageDecoder
    private let size: PictureSize
    private let keypointCount: Int
    private var references: [SourceIdentifier: QuantizedKeypoints] = [:]
    private var pictures: [PictureNumber: QuantizedKeypoints] = [:]
    private var latestInserted = PictureNumber.zero

    /// The most pictures whose keypoints wait to be shown, or serve to predict others: a minute.
    public static let largestPictureBacklog = 1500

    private var latestPicture: VideoFrame?

    /// Puts a decoder together from its backends, for pictures of `size` with `keypointCount`
    /// keypoints.
    public init(
        generator: any PictureGenerator, stillDecoder: any StillImageDecoder, size: PictureSize,
        keypointCount: Int
    ) {
        self.generator = generator
        self.stillDecoder = stillDecoder
        self.size = size
        self.keypointCount = keypointCount
    }

    /// Adds a source that has arrived whole; `source` comes from the network and may hold anything.
    ///
    /// - Returns: the source as a picture.
    /// - Throws: ``CodecError``; the set of sources is then as before.
    @discardableResult
    public func insert(_ source: CodedSource) throws(CodecError) -> VideoFrame {
        let payload = try SourcePayload(parsing: source.payload, keypointCount: keypointCount)
        let picture = try stillDecoder.decode(payload.keyFrame, largest: size)
        guard picture.size == size else {
            throw .unsupportedSize(width: picture.size.width, height: picture.size.height)
        }
        try generator.insert(
            picture, keypoints: payload.keypoints.keypoints, as: source.identifier)
        references[source.identifier] = payload.keypoints
        return picture
    }

    /// Takes in which sources belong together; at present all that are held are used.
    public func insert(_ set: SourceSet) {}

    /// Decodes keypoints that have arrived and keeps them; `unit` comes from the network and may hold
    /// anything.
    ///
    /// - Throws: ``CodecError``; nothing is kept then.
    public func insert(_ unit: CodedKeypoints) throws(CodecError) {
        guard case .source(let source) = unit.reference, let reference = references[source] else {
            throw .corrupt(reason: "keypoints refer to what is not held")
        }
        let decoded: [QuantizedKeypoints]
        do {
            decoded = try KeypointCoder.decode(
                unit.payload, pictureCount: unit.pictureCount, reference: reference)
        } catch {
            throw .corrupt(reason: "keypoints: \(error)")
        }
        for (index, keypoints) in decoded.enumerated() {
            guard let number = unit.firstPicture.advanced(by: index) else { continue }
            pictures[number] = keypoints
        }
        latestInserted = max(latestInserted, unit.end)
        if pictures.count > Self.largestPictureBacklog {
            pictures = pictures.filter {
                latestInserted.distance(from: $0.key) <= Self.largestPictureBacklog
            }
        }
    }

    /// Rebuilds a picture; without keypoints the last picture is shown again.
    ///
    /// - Returns: the picture and how it came about, or nothing while there is nothing to show.
    public func picture(_ number: PictureNumber, time: MediaTime) -> DecodedPicture? {
        guard let keypoints = pictures[number] else { return held(number, time, .missing) }
        do {
            let picture = try generator.generate(keypoints.keypoints, time: time)
            latestPicture = picture
            return DecodedPicture(number: number, frame: picture, origin: .generated)
        } catch {
            return held(number, time, .undecodable(error))
        }
    }

    private func held(
        _ number: PictureNumber, _ time: MediaTime, _ origin: DecodedPicture.Origin
    ) -> DecodedPicture? {
        guard var picture = latestPicture else { return nil }
        picture.time = time
        return DecodedPicture(number: number, frame: picture, origin: origin)
    }
}
