public import Media
public import VideoCoding

/// A detector that needs no network: keypoint k is where the picture's brightest point is, plus a
/// fixed offset.
public final class StubDetector: KeypointDetector {
    public let keypointCount: Int
    /// How many pictures it has seen.
    public private(set) var pictureCount = 0

    /// Makes a detector.
    public init(keypointCount: Int = Keypoints.standardCount) { self.keypointCount = keypointCount }

    public func detect(in picture: VideoFrame) throws(CodecError) -> Keypoints {
        pictureCount += 1
        let brightest = picture.y.indices.max { picture.y[$0] < picture.y[$1] } ?? 0
        let x = Float(brightest % picture.size.width) / Float(picture.size.width) * 2 - 1
        let y = Float(brightest / picture.size.width) / Float(picture.size.height) * 2 - 1
        return Keypoints(
            (0..<keypointCount).map { index in
                let offset = Float(index) / Float(keypointCount) * 0.2
                return Keypoint(x: x * 0.8 + offset, y: y * 0.8 - offset, strength: 1)
            })
    }
}

/// A still codec that stores the planes as they are, behind a width and a height.
public final class StubStillCodec: StillImageEncoder, StillImageDecoder {
    /// Makes a codec.
    public init() {}

    public func encode(_ frame: VideoFrame, quantizer: Int) throws(CodecError) -> [UInt8] {
        let size = [frame.size.width, frame.size.height].flatMap {
            [UInt8($0 >> 8), UInt8($0 & 0xFF)]
        }
        return size + frame.y + frame.u + frame.v
    }

    public func decode(_ bytes: [UInt8], largest: PictureSize) throws(CodecError) -> VideoFrame {
        guard bytes.count > 4,
            let size = PictureSize(
                width: Int(bytes[0]) << 8 | Int(bytes[1]),
                height: Int(bytes[2]) << 8 | Int(bytes[3]))
        else { throw .corrupt(reason: "no size") }
        let luma = size.width * size.height
        guard bytes.count == 4 + luma * 3 / 2 else { throw .corrupt(reason: "wrong length") }
        let planes = bytes.dropFirst(4)
        guard
            let frame = VideoFrame(
                size: size, time: .zero, y: Array(planes.prefix(luma)),
                u: Array(planes.dropFirst(luma).prefix(luma / 4)),
                v: Array(planes.suffix(luma / 4)))
        else { throw .corrupt(reason: "wrong planes") }
        return frame
    }

    /// The places of the bytes that differ, three bytes each, and their values.
    public func encode(
        _ frame: VideoFrame, from base: VideoFrame, quantizer: Int
    ) throws(CodecError) -> [UInt8]? {
        let (all, old) = (frame.y + frame.u + frame.v, base.y + base.u + base.v)
        var bytes: [UInt8] = [0xFF]
        for place in all.indices where all[place] != old[place] {
            bytes += [16, 8, 0].map { UInt8(place >> $0 & 0xFF) } + [all[place]]
        }
        return bytes
    }

    public func decode(
        _ bytes: [UInt8], from base: VideoFrame
    ) throws(CodecError) -> VideoFrame {
        guard bytes.count % 4 == 1, bytes[0] == 0xFF else { throw .corrupt(reason: "no places") }
        var all = base.y + base.u + base.v
        for start in stride(from: 1, to: bytes.count, by: 4) {
            let place = Int(bytes[start]) << 16 | Int(bytes[start + 1]) << 8 | Int(bytes[start + 2])
            guard place < all.count else { throw .corrupt(reason: "a place outside") }
            all[place] = bytes[start + 3]
        }
        let (luma, chroma) = (base.y.count, base.u.count)
        guard
            let frame = VideoFrame(
                size: base.size, time: .zero, y: Array(all.prefix(luma)),
                u: Array(all.dropFirst(luma).prefix(chroma)), v: Array(all.suffix(chroma)))
        else { throw .corrupt(reason: "wrong planes") }
        return frame
    }
}

/// A generator that paints its keypoints' mean location into the first source.
public final class StubGenerator: PictureGenerator {
    public let largestSourceCount: Int
    private var held: [SourceIdentifier: VideoFrame] = [:]
    /// The keypoints of each picture it was asked for.
    public private(set) var requests: [Keypoints] = []

    /// Makes a generator.
    public init(largestSourceCount: Int = 8) { self.largestSourceCount = largestSourceCount }

    public var sources: [SourceIdentifier] { held.keys.sorted() }

    public func insert(
        _ picture: VideoFrame, keypoints: Keypoints, as identifier: SourceIdentifier
    ) throws(CodecError) {
        guard held[identifier] != nil || held.count < largestSourceCount else {
            throw .sourceCount(held.count + 1)
        }
        held[identifier] = picture
    }

    public func remove(_ identifier: SourceIdentifier) { held[identifier] = nil }

    public func generate(_ keypoints: Keypoints, time: MediaTime) throws(CodecError) -> VideoFrame {
        guard let identifier = sources.first, let source = held[identifier] else {
            throw .sourceCount(0)
        }
        requests.append(keypoints)
        var luma = source.y
        let mean = keypoints.points.reduce(Float(0)) { $0 + $1.x } / Float(max(1, keypoints.count))
        luma[0] = UInt8(max(0, min(255, (mean + 1) * 127)))
        guard
            let frame = VideoFrame(size: source.size, time: time, y: luma, u: source.u, v: source.v)
        else { throw .backend("planes do not fit") }
        return frame
    }
}
