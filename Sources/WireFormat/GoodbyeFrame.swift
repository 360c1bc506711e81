public import Media

/// The end of the call, and why (`Protocol/packets.md`, section 3.3).
public struct GoodbyeFrame: Hashable, Sendable {
    /// Why a call ends.
    public enum Reason: UInt64, Hashable, Sendable, CaseIterable {
        /// The media are over, or the user ended the call.
        case finished = 0
        /// The end that says so could not go on.
        case failed = 1
        /// The receiver has other weights than the sender.
        case weightsDiffer = 2
        /// The receiver is in another call.
        case busy = 3
        /// The receiver does not handle this picture size, rate or keypoint count.
        case unsupported = 4
    }

    /// Why.
    public let reason: Reason
    /// How many pictures the sender has sent in all; the receiver shows the last of them, then ends.
    public let pictureCount: PictureNumber
    /// Whether the receiver says it, to the sender.
    public let isReceivers: Bool

    /// Makes a goodbye.
    public init(reason: Reason, pictureCount: PictureNumber, isReceivers: Bool = false) {
        self.reason = reason
        self.pictureCount = pictureCount
        self.isReceivers = isReceivers
    }

    init(
        parsing bytes: Span<UInt8>, at cursor: inout ByteCursor, isReceivers: Bool
    ) throws(WireError) {
        self.isReceivers = isReceivers
        let rawReason = try cursor.integer(bytes)
        guard let reason = Reason(rawValue: rawReason) else {
            throw .valueOutOfRange(field: .goodbyeReason, value: rawReason)
        }
        self.reason = reason
        let count = try cursor.integer(bytes, in: 0...UInt64(UInt32.max), .lastPicture)
        pictureCount = PictureNumber(UInt32(truncatingIfNeeded: count))
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: reason.rawValue)
        bytes.append(integer: UInt64(pictureCount.rawValue))
    }
}

extension GoodbyeFrame.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .finished: "finished"
        case .failed: "failed"
        case .weightsDiffer: "weights differ"
        case .busy: "busy"
        case .unsupported: "unsupported"
        }
    }
}
