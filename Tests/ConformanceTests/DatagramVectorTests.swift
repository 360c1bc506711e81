import Foundation
import Media
import TestSupport
import Testing
import WireFormat

/// Walks `Protocol/vectors/datagrams`, which an independent implementation wrote.
@Suite struct DatagramVectorTests {
    struct Meaning: Decodable {
        var error: String?
        var call: UInt32?
        var packetNumber: UInt64?
        var frames: [FrameMeaning]?
    }

    @Test(arguments: try Vector.all(in: "datagrams"))
    func vector(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: Meaning.self)
        if let expected = meaning.error {
            do {
                _ = try Datagram(parsing: vector.bytes.span)
                Issue.record("a malformed datagram was taken")
            } catch {
                #expect(Self.name(error) == expected)
            }
            return
        }
        let datagram = Datagram(
            call: CallIdentifier(try present(meaning.call)),
            packetNumber: try present(meaning.packetNumber),
            frames: try present(meaning.frames).map { try $0.value() })
        #expect(try Datagram(parsing: vector.bytes.span) == datagram)
        #expect(datagram.bytes == vector.bytes)
    }

    static func name(_ error: WireError) -> String {
        switch error {
        case .truncated: "truncated"
        case .unsupportedVersion: "unsupportedVersion"
        case .unknownFrameType: "unknownFrameType"
        case .valueOutOfRange: "valueOutOfRange"
        case .oversized: "oversized"
        case .empty: "empty"
        case .misplacedFrame: "misplacedFrame"
        }
    }
}

/// A frame as the vectors' JSON states it.
struct FrameMeaning: Decodable {
    struct Status: Decodable {
        var source: UInt16
        var arrived: [Bool]
    }

    var frame: String
    var width, height, rate, keypointCount, sourceCount: Int?
    var weightsHash, bytes, payload, packet: String?
    var start: UInt32?
    var codec: UInt64?
    var source, reference: UInt16?
    var sourceLength, index, pictureCount: Int?
    var firstPicture: UInt32?
    var largestPacketNumber, receivedDatagrams, lostPictures, reason: UInt64?
    var sources: [Status]?

    func value() throws -> Frame {
        switch frame {
        case "hello":
            let size = try present(
                PictureSize(width: present(width), height: present(height)))
            return .hello(
                try present(
                    HelloFrame(
                        size: size,
                        rate: present(PictureRate(picturesPerSecond: present(rate))),
                        keypointCount: present(keypointCount), sourceCount: present(sourceCount),
                        weightsHash: Vector.bytes(ofHex: present(weightsHash)))))
        case "sourceFragment":
            // The value type cuts fragments out of a whole source, so make one that fits.
            let index = try present(index)
            let part = try Vector.bytes(ofHex: present(bytes))
            var payload = [UInt8](repeating: 0, count: try present(sourceLength))
            payload.replaceSubrange(index * 1100..<index * 1100 + part.count, with: part)
            let whole = CodedSource(
                identifier: SourceIdentifier(try present(source)), payload: payload)
            return .sourceFragment(SourceFragmentFrame(of: whole, index: index))
        case "keypoints":
            return .keypoints(
                try present(
                    CodedKeypoints(
                        firstPicture: PictureNumber(present(firstPicture)),
                        pictureCount: present(pictureCount),
                        sourceSet: .zero, reference: .source(SourceIdentifier(present(reference))),
                        payload: Vector.bytes(ofHex: present(payload)))))
        case "feedback":
            return .feedback(
                FeedbackFrame(
                    largestPacketNumber: try present(largestPacketNumber),
                    receivedDatagrams: try present(receivedDatagrams),
                    lostPictures: try present(lostPictures),
                    sources: try present(sources).map {
                        SourceStatus(source: SourceIdentifier($0.source), arrived: $0.arrived)
                    }))
        case "goodbye":
            let count = PictureNumber(UInt32(try present(pictureCount)))
            let reason = try present(GoodbyeFrame.Reason(rawValue: present(reason)))
            return .goodbye(GoodbyeFrame(reason: reason, pictureCount: count))
        case "sound":
            return .sound(
                SoundFrame(codec: try present(SoundFrame.Codec(rawValue: present(codec)))))
        case "voice":
            let packet = try present(VoicePacket(Vector.bytes(ofHex: present(packet))))
            return .voice(VoiceFrame(start: start.map(VoiceTick.init), packet: packet))
        default:
            guard frame == "keepAlive" else { throw MissingValue(type: frame) }
            return .keepAlive
        }
    }
}
