import Media
import TestSupport
import WireFormat

/// A frame as the vectors' JSON states it.
struct FrameMeaning: Decodable {
    var frame: String
    var width, height, rate, keypointCount: Int?
    var promisedRate: Double?
    var weightsHash, bytes, payload, packet, hash: String?
    var start, nextPicture: UInt32?
    var codec, reason: UInt64?
    var picture, anchor: UInt16?
    var kind: String?
    var distance: Int?
    var isLast, isMarked: Bool?
    var source, firstPicture, largest, arrival: UInt16?
    var set, isKnown, isReceivers: UInt8?
    var members: [UInt16]?
    var length, offset, pictureCount, pictureBefore, delay, arrived: Int?
    var receivedDatagrams, lostPictures, lostVoiceTicks: UInt32?
    var ranges, held: [[Int]]?

    func value() throws -> Frame {
        switch frame {
        case "hello": return .hello(try hello())
        case "sound":
            return .sound(
                SoundFrame(codec: try present(SoundFrame.Codec(rawValue: present(codec)))))
        case "goodbye":
            let count = PictureNumber(UInt32(try present(pictureCount)))
            let reason = try present(GoodbyeFrame.Reason(rawValue: present(reason)))
            return .goodbye(
                GoodbyeFrame(
                    reason: reason, pictureCount: count, isReceivers: isReceivers == 1))
        case "keypoints": return .keypoints(try keypoints())
        case "keypointsAgain":
            return .keypointsAgain(
                KeypointsAgainFrame(
                    pictureCount: try present(pictureCount),
                    payload: try Vector.bytes(ofHex: present(payload))))
        case "voice":
            let packet = try present(VoicePacket(Vector.bytes(ofHex: present(packet))))
            return .voice(VoiceFrame(start: start.map { VoiceTick($0) }, packet: packet))
        case "report":
            return .report(
                ReportFrame(
                    receivedDatagrams: try present(receivedDatagrams),
                    lostPictures: try present(lostPictures),
                    lostVoiceTicks: try present(lostVoiceTicks)))
        case "acknowledgement":
            return .acknowledgement(
                AcknowledgementFrame(
                    largest: try present(largest), delay: try present(delay),
                    arrival: try present(arrival), arrived: try present(arrived),
                    ranges: try present(ranges).map { .init(missing: $0[0], arrived: $0[1]) }))
        case "keepAlive": return .keepAlive
        case "restarted": return .restarted
        case "hold", "picture", "pictureStatus": return try pictureFrame()
        default: return try sourceFrame()
        }
    }

    private func hello() throws -> HelloFrame {
        let size = try present(PictureSize(width: present(width), height: present(height)))
        return try present(
            HelloFrame(
                size: size, rate: present(PictureRate(picturesPerSecond: present(rate))),
                keypointCount: present(keypointCount),
                promisedRate: Bitrate(bitsPerSecond: present(promisedRate)),
                weightsHash: Vector.bytes(ofHex: present(weightsHash)),
                isKnown: present(isKnown) == 1,
                nextPicture: PictureNumber(present(nextPicture))))
    }

    private func keypoints() throws -> KeypointsFrame {
        let reference: KeypointsFrame.Reference =
            if let pictureBefore {
                .pictureBefore(pictureBefore)
            } else {
                .source(SourceIdentifier(try present(source)))
            }
        return KeypointsFrame(
            firstPicture: try present(firstPicture), pictureCount: try present(pictureCount),
            sourceSet: SourceSetNumber(try present(set)), reference: reference,
            payload: try Vector.bytes(ofHex: present(payload)))
    }

    private func pictureFrame() throws -> Frame {
        switch frame {
        case "hold":
            let first = PictureNumber(UInt32(try present(firstPicture)))
            return .hold(
                HoldFrame(
                    try present(
                        HeldPictures(
                            firstPicture: first, pictureCount: present(pictureCount),
                            isMarked: present(isMarked)))))
        case "picture":
            let kind: PictureFrame.Kind =
                switch try present(kind) {
                case "key": .key
                case "anchor": .anchor(distance: try present(distance))
                default: .leaf(distance: try present(distance))
                }
            return .picture(
                PictureFrame(
                    picture: try present(picture), kind: kind, offset: try present(offset),
                    bytes: try Vector.bytes(ofHex: present(bytes)),
                    isLast: try present(isLast)))
        default:
            return .pictureStatus(
                PictureStatusFrame(anchor: anchor.map { PictureNumber(UInt32($0)) }))
        }
    }

    private func sourceFrame() throws -> Frame {
        switch frame {
        case "sourceSet":
            return .sourceSet(
                try present(
                    SourceSet(
                        number: SourceSetNumber(present(set)),
                        sources: present(members).map { SourceIdentifier($0) })))
        case "sourceOffer":
            return .sourceOffer(
                try present(
                    SourceOfferFrame(
                        source: SourceIdentifier(present(source)), length: present(length),
                        hash: Vector.bytes(ofHex: present(hash)))))
        case "sourceData":
            return .sourceData(
                SourceDataFrame(
                    source: SourceIdentifier(try present(source)), offset: try present(offset),
                    bytes: try Vector.bytes(ofHex: present(bytes))))
        case "sourceDrop": return .sourceDrop(SourceIdentifier(try present(source)))
        default:
            guard frame == "sourceStatus" else { throw MissingValue(type: frame) }
            return .sourceStatus(
                SourceStatusFrame(
                    source: SourceIdentifier(try present(source)),
                    held: try present(held).map { $0[0]..<$0[1] }))
        }
    }
}
