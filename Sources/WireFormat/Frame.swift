public import Media

/// A unit inside a datagram (`Protocol/packets.md`, section 3).
public enum Frame: Hashable, Sendable {
    /// Sender to receiver: what the call is made of.
    case hello(HelloFrame)
    /// Sender to receiver: a part of a source image.
    case sourceFragment(SourceFragmentFrame)
    /// Sender to receiver: coded keypoints of some pictures.
    case keypoints(CodedKeypoints)
    /// Receiver to sender: what has arrived.
    case feedback(FeedbackFrame)
    /// Either way: the call is over.
    case goodbye(GoodbyeFrame)
    /// Either way: still here.
    case keepAlive
    /// Sender to receiver, beside a hello: the call has sound.
    case sound(SoundFrame)
    /// Sender to receiver: coded sound.
    case voice(VoiceFrame)

    enum Kind: UInt64 {
        case hello = 1, sourceFragment, keypoints, feedback, goodbye, keepAlive, sound, voice
        case voiceAt
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let rawKind = try cursor.integer(bytes)
        guard let kind = Kind(rawValue: rawKind) else { throw .unknownFrameType(rawKind) }
        switch kind {
        case .hello: self = .hello(try HelloFrame(parsing: bytes, at: &cursor))
        case .sourceFragment:
            self = .sourceFragment(try SourceFragmentFrame(parsing: bytes, at: &cursor))
        case .keypoints: self = .keypoints(try CodedKeypoints(parsing: bytes, at: &cursor))
        case .feedback: self = .feedback(try FeedbackFrame(parsing: bytes, at: &cursor))
        case .goodbye: self = .goodbye(try GoodbyeFrame(parsing: bytes, at: &cursor))
        case .keepAlive: self = .keepAlive
        case .sound: self = .sound(try SoundFrame(parsing: bytes, at: &cursor))
        case .voice, .voiceAt:
            self = .voice(
                try VoiceFrame(parsing: bytes, at: &cursor, hasStart: kind == .voiceAt))
        }
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: kind.rawValue)
        switch self {
        case .hello(let frame): frame.append(to: &bytes)
        case .sourceFragment(let frame): frame.append(to: &bytes)
        case .keypoints(let frame): frame.append(to: &bytes)
        case .feedback(let frame): frame.append(to: &bytes)
        case .goodbye(let frame): frame.append(to: &bytes)
        case .keepAlive: break
        case .sound(let frame): frame.append(to: &bytes)
        case .voice(let frame): frame.append(to: &bytes)
        }
    }

    /// How many bytes it takes in a datagram.
    public var size: DataSize {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return DataSize(bytes: bytes.count)
    }

    private var kind: Kind {
        switch self {
        case .hello: .hello
        case .sourceFragment: .sourceFragment
        case .keypoints: .keypoints
        case .feedback: .feedback
        case .goodbye: .goodbye
        case .keepAlive: .keepAlive
        case .sound: .sound
        case .voice(let frame): frame.start == nil ? .voice : .voiceAt
        }
    }
}
