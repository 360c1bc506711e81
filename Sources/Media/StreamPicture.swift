/// One picture of the stream that is sent where warping fails, as a video codec made it.
///
/// Both ends keep at most two *anchors*, pictures that others are predicted from: whoever decodes an anchor
/// keeps it and the one that it was predicted from. So a sender that predicts only from what the receiver
/// says it holds can lose any picture without harm to those that come after it.
public struct StreamPicture: Hashable, Sendable {
    /// What a picture needs, and whether others may need it.
    public enum Kind: Hashable, Sendable {
        /// Stands alone; others may be predicted from it.
        case key
        /// Predicted from an earlier anchor; others may be predicted from it.
        case anchor(from: PictureNumber)
        /// Predicted from an anchor; none is predicted from it.
        case leaf(from: PictureNumber)
    }

    /// Its number within the call: the picture that it was made of.
    public let number: PictureNumber
    /// What it needs.
    public let kind: Kind
    /// The bytes, as the codec made them.
    public let payload: [UInt8]

    /// The furthest that a reference may lie before a picture: a minute at 25 pictures a second.
    public static let largestDistance = 1500
    /// The most bytes of a picture.
    public static let largestSize = 65_536

    /// Makes a picture; nothing where it has no bytes or too many, or its reference does not lie before it.
    public init?(number: PictureNumber, kind: Kind, payload: [UInt8]) {
        guard (1...Self.largestSize).contains(payload.count) else { return nil }
        self.number = number
        self.kind = kind
        self.payload = payload
        guard let reference else { return }
        guard (1...Self.largestDistance).contains(number.distance(from: reference)) else {
            return nil
        }
    }

    /// The anchor that it is predicted from; nothing for a key picture.
    public var reference: PictureNumber? {
        switch kind {
        case .key: nil
        case .anchor(let reference), .leaf(let reference): reference
        }
    }

    /// Whether others may be predicted from it.
    public var isAnchor: Bool {
        if case .leaf = kind { false } else { true }
    }
}
