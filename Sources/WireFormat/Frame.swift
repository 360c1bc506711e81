public import Media

/// A unit inside a datagram (`Protocol/packets.md`, section 3).
public enum Frame: Hashable, Sendable {
    /// What the call is made of.
    case hello(HelloFrame)
    /// Beside a hello: the call has sound.
    case sound(SoundFrame)
    /// The call is over.
    case goodbye(GoodbyeFrame)
    /// Still here.
    case keepAlive
    /// Coded keypoints of some pictures.
    case keypoints(KeypointsFrame)
    /// Coded keypoints of the pictures before those, once more.
    case keypointsAgain(KeypointsAgainFrame)
    /// Coded sound.
    case voice(VoiceFrame)
    /// Pictures that are not warped.
    case hold(HoldFrame)
    /// Some bytes of a picture of the stream.
    case picture(PictureFrame)
    /// Which picture of the stream the receiver holds.
    case pictureStatus(PictureStatusFrame)
    /// What a source is.
    case sourceOffer(SourceOfferFrame)
    /// Some bytes of a source.
    case sourceData(SourceDataFrame)
    /// Which sources belong together.
    case sourceSet(SourceSet)
    /// A source that is not needed any more.
    case sourceDrop(SourceIdentifier)
    /// Which packets have arrived.
    case acknowledgement(AcknowledgementFrame)
    /// Which bytes of a source have arrived.
    case sourceStatus(SourceStatusFrame)
    /// The receiver's counters.
    case report(ReportFrame)
    /// The receiver is a new one in a call that has gone on: it holds nothing.
    case restarted

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let type = try cursor.integer(bytes)
        switch type {
        case FrameType.hello: self = .hello(try HelloFrame(parsing: bytes, at: &cursor))
        case FrameType.sound: self = .sound(try SoundFrame(parsing: bytes, at: &cursor))
        case FrameType.goodbye, FrameType.farewell:
            self = .goodbye(
                try GoodbyeFrame(
                    parsing: bytes, at: &cursor, isReceivers: type == FrameType.farewell))
        case FrameType.keepAlive: self = .keepAlive
        case FrameType.sourceOffer:
            self = .sourceOffer(try SourceOfferFrame(parsing: bytes, at: &cursor))
        case FrameType.sourceSet: self = .sourceSet(try SourceSet(parsing: bytes, at: &cursor))
        case FrameType.sourceDrop:
            self = .sourceDrop(try SourceIdentifier(parsing: bytes, at: &cursor))
        case FrameType.acknowledgement:
            self = .acknowledgement(try AcknowledgementFrame(parsing: bytes, at: &cursor))
        case FrameType.sourceStatus:
            self = .sourceStatus(try SourceStatusFrame(parsing: bytes, at: &cursor))
        case FrameType.report: self = .report(try ReportFrame(parsing: bytes, at: &cursor))
        case FrameType.restarted: self = .restarted
        case FrameType.hold: self = .hold(try HoldFrame(parsing: bytes, at: &cursor))
        case FrameType.pictureStatus:
            self = .pictureStatus(try PictureStatusFrame(parsing: bytes, at: &cursor))
        case FrameType.picture..<FrameType.picture + 3 * FrameType.pictureKind:
            self = .picture(
                try PictureFrame(
                    parsing: bytes, at: &cursor, marks: type - FrameType.picture))
        case FrameType.keypoints...FrameType.keypoints + 5:
            self = .keypoints(
                try KeypointsFrame(
                    parsing: bytes, at: &cursor, pictureCount: Int(type - FrameType.keypoints) + 1,
                    end: .counted))
        case FrameType.keypointsToTheEnd...FrameType.keypointsToTheEnd + 5:
            self = .keypoints(
                try KeypointsFrame(
                    parsing: bytes, at: &cursor,
                    pictureCount: Int(type - FrameType.keypointsToTheEnd) + 1,
                    end: .endOfPayload))
        case FrameType.keypointsAgain...FrameType.keypointsAgainToTheEnd + 5:
            let isCounted = type < FrameType.keypointsAgainToTheEnd
            let first = isCounted ? FrameType.keypointsAgain : FrameType.keypointsAgainToTheEnd
            self = .keypointsAgain(
                try KeypointsAgainFrame(
                    parsing: bytes, at: &cursor, pictureCount: Int(type - first) + 1,
                    end: isCounted ? .counted : .endOfPayload))
        default: self = try Self.ofAnyLength(type, bytes, &cursor)
        }
    }

    /// Frames whose type also tells where they end.
    private static func ofAnyLength(
        _ type: UInt64, _ bytes: Span<UInt8>, _ cursor: inout ByteCursor
    ) throws(WireError) -> Frame {
        let end: FrameEnd = type & FrameType.toTheEnd == 0 ? .counted : .endOfPayload
        switch type & ~FrameType.toTheEnd {
        case FrameType.sourceData:
            return .sourceData(try SourceDataFrame(parsing: bytes, at: &cursor, end: end))
        case FrameType.voice:
            return .voice(
                try VoiceFrame(parsing: bytes, at: &cursor, hasStart: false, end: end))
        case FrameType.voiceAt:
            return .voice(try VoiceFrame(parsing: bytes, at: &cursor, hasStart: true, end: end))
        default: throw .unknownFrameType(type)
        }
    }

    func append(to bytes: inout [UInt8], end: FrameEnd) {
        bytes.append(integer: type(end))
        switch self {
        case .hello(let frame): frame.append(to: &bytes)
        case .sound(let frame): frame.append(to: &bytes)
        case .goodbye(let frame): frame.append(to: &bytes)
        case .keepAlive, .restarted: break
        case .keypoints(let frame): frame.append(to: &bytes, end: end)
        case .keypointsAgain(let frame): frame.append(to: &bytes, end: end)
        case .voice(let frame): frame.append(to: &bytes, end: end)
        case .hold(let frame): frame.append(to: &bytes)
        case .picture(let frame): frame.append(to: &bytes, end: end)
        case .pictureStatus(let frame): frame.append(to: &bytes)
        case .sourceOffer(let frame): frame.append(to: &bytes)
        case .sourceData(let frame): frame.append(to: &bytes, end: end)
        case .sourceSet(let set): set.append(to: &bytes)
        case .sourceDrop(let source): bytes.append(integer: UInt64(source.rawValue))
        case .acknowledgement(let frame): frame.append(to: &bytes)
        case .sourceStatus(let frame): frame.append(to: &bytes)
        case .report(let frame): frame.append(to: &bytes)
        }
    }

    /// How many bytes it takes in a datagram, where another frame follows it.
    public var size: DataSize { size(.counted) }

    /// How many bytes it takes as the last frame of a datagram.
    public var sizeAtEnd: DataSize { size(.endOfPayload) }

    private func size(_ end: FrameEnd) -> DataSize {
        var bytes: [UInt8] = []
        append(to: &bytes, end: end)
        return DataSize(bytes: bytes.count)
    }

    private func type(_ end: FrameEnd) -> UInt64 {
        let mark = end == .counted ? 0 : FrameType.toTheEnd
        return switch self {
        case .hello: FrameType.hello
        case .sound: FrameType.sound
        case .goodbye(let frame): frame.isReceivers ? FrameType.farewell : FrameType.goodbye
        case .keepAlive: FrameType.keepAlive
        case .keypoints(let frame):
            (end == .counted ? FrameType.keypoints : FrameType.keypointsToTheEnd)
                + UInt64(frame.pictureCount - 1)
        case .keypointsAgain(let frame):
            (end == .counted ? FrameType.keypointsAgain : FrameType.keypointsAgainToTheEnd)
                + UInt64(frame.pictureCount - 1)
        case .voice(let frame):
            (frame.start == nil ? FrameType.voice : FrameType.voiceAt) + mark
        case .hold: FrameType.hold
        case .picture(let frame): FrameType.picture + frame.marks + mark
        case .pictureStatus: FrameType.pictureStatus
        case .sourceOffer: FrameType.sourceOffer
        case .sourceData: FrameType.sourceData + mark
        case .sourceSet: FrameType.sourceSet
        case .sourceDrop: FrameType.sourceDrop
        case .acknowledgement: FrameType.acknowledgement
        case .sourceStatus: FrameType.sourceStatus
        case .report: FrameType.report
        case .restarted: FrameType.restarted
        }
    }
}
