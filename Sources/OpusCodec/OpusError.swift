import COpus

/// Why sound was not coded or decoded.
public enum OpusError: Error, Hashable, Sendable {
    /// libopus could not be set up; its own words.
    case unavailable(reason: String)
    /// A frame has another number of samples than the encoder's frames.
    case sampleCount(expected: Int, found: Int)
    /// The packet is no Opus packet of this kind; libopus's words.
    case corrupt(reason: String)
    /// A stretch of sound that is not 2.5 to 120 ms long in steps of 2.5 ms.
    case duration(samples: Int)
}

extension OpusError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unavailable(let reason): "libopus cannot be used: \(reason)"
        case .sampleCount(let expected, let found):
            "a frame of \(found) samples came where \(expected) were expected"
        case .corrupt(let reason): "not a packet of sound: \(reason)"
        case .duration(let samples): "\(samples) samples are no duration that Opus has"
        }
    }
}

/// What one of libopus's error numbers means, in its words.
func opusReason(_ error: Int32) -> String {
    unsafe opus_strerror(error).map { unsafe String(cString: $0) } ?? "error \(error)"
}
