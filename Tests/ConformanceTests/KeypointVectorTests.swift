import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

/// Keypoints as the vectors' JSON states them, in whole-number coordinates.
struct PointsMeaning: Decodable {
    var x, y, strength: [Int]

    func quantized(_ step: QuantizerStep) -> QuantizedKeypoints {
        let unit = Float(1 << Int(step.exponent))
        return QuantizedKeypoints(
            Keypoints(
                x.indices.map {
                    Keypoint(
                        x: Float(x[$0]) / unit - 1, y: Float(y[$0]) / unit - 1,
                        strength: Float(strength[$0]) / 7)
                }), step: step)
    }
}

/// Walks `Protocol/vectors/keypoints` and `/sources`, which an independent implementation wrote.
@Suite struct KeypointVectorTests {
    struct Meaning: Decodable {
        var error: String?
        var exponent: UInt8
        var reference: PointsMeaning
        var pictures: [PointsMeaning]?
        var pictureCount: Int?
    }

    @Test(arguments: try Vector.all(in: "keypoints"))
    func unit(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: Meaning.self)
        let step = try present(QuantizerStep(exponent: meaning.exponent))
        let reference = meaning.reference.quantized(step)
        if let expected = meaning.error {
            do {
                _ = try KeypointCoder.decode(
                    vector.bytes, pictureCount: present(meaning.pictureCount), reference: reference)
                Issue.record("a malformed unit was taken")
            } catch let error as KeypointCodingError {
                #expect("\(error)".hasPrefix(expected))
            }
            return
        }
        let pictures = try present(meaning.pictures).map { $0.quantized(step) }
        let decoded = try KeypointCoder.decode(
            vector.bytes, pictureCount: pictures.count, reference: reference)
        #expect(decoded == pictures)
        #expect(try KeypointCoder.encode(pictures, reference: reference) == vector.bytes)
    }

    struct SourceMeaning: Decodable {
        var error: String?
        var keypointCount: Int
        var exponent: UInt8?
        var keypoints: PointsMeaning?
        var keyFrame: String?
    }

    @Test(arguments: try Vector.all(in: "sources"))
    func source(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: SourceMeaning.self)
        if let expected = meaning.error {
            do {
                _ = try SourcePayload(parsing: vector.bytes, keypointCount: meaning.keypointCount)
                Issue.record("a malformed source was taken")
            } catch {
                #expect("\(error)".hasPrefix(expected))
            }
            return
        }
        let source = try SourcePayload(parsing: vector.bytes, keypointCount: meaning.keypointCount)
        let step = try present(QuantizerStep(exponent: present(meaning.exponent)))
        #expect(source.keypoints == (try present(meaning.keypoints)).quantized(step))
        #expect(source.keyFrame == (try Vector.bytes(ofHex: present(meaning.keyFrame))))
        #expect(try source.encoded() == vector.bytes)
    }
}
