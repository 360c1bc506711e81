import KeypointCoding
public import Media

/// The receiver's half of the codec: coded sources and keypoint units in, pictures out.
public final class VideoDecoder {
    private let generator: any PictureGenerator
    private let stillDecoder: any StillImageDecoder
    private let size: PictureSize
    private let keypointCount: Int
    private var references: [SourceIdentifier: QuantizedKeypoints] = [:]
    private var latestUnit: (unit: CodedKeypoints, pictures: [QuantizedKeypoints])?
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

    /// Rebuilds a picture; without keypoints, or with ones that cannot be decoded, the last picture
    /// is shown again.
    ///
    /// - Returns: the picture and how it came about, or nothing while there is nothing to show.
    public func picture(
        _ number: PictureNumber, from unit: CodedKeypoints?, time: MediaTime
    ) -> DecodedPicture? {
        do {
            if let unit, let keypoints = try keypoints(of: number, in: unit) {
                let picture = try generator.generate(keypoints, time: time)
                latestPicture = picture
                return DecodedPicture(number: number, frame: picture, origin: .generated)
            }
        } catch {
            return held(number, time, .undecodable(error))
        }
        return held(number, time, .missing)
    }

    private func held(
        _ number: PictureNumber, _ time: MediaTime, _ origin: DecodedPicture.Origin
    ) -> DecodedPicture? {
        guard var picture = latestPicture else { return nil }
        picture.time = time
        return DecodedPicture(number: number, frame: picture, origin: origin)
    }

    /// The keypoints of one picture of a unit; the unit is decoded once.
    private func keypoints(
        of number: PictureNumber, in unit: CodedKeypoints
    ) throws(CodecError) -> Keypoints? {
        if latestUnit?.unit != unit {
            guard let reference = references[unit.reference] else {
                throw .corrupt(reason: "keypoints refer to a source that is not held")
            }
            do {
                let pictures = try KeypointCoder.decode(
                    unit.payload, pictureCount: unit.pictureCount, reference: reference)
                latestUnit = (unit, pictures)
            } catch {
                throw .corrupt(reason: "keypoints: \(error)")
            }
        }
        let index = number.distance(from: unit.firstPicture)
        guard let pictures = latestUnit?.pictures, pictures.indices.contains(index) else {
            return nil
        }
        return pictures[index].keypoints
    }
}
