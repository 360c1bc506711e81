public import Media

/// Pictures that are not warped (`Protocol/packets.md`, section 3.12).
public struct HoldFrame: Hashable, Sendable {
    /// The low 16 bits of the first picture's number.
    public let firstPicture: UInt16
    /// How many pictures, 1…16.
    public let pictureCount: Int
    /// Whether the viewer is to see that the picture stands still.
    public let isMarked: Bool

    private static let mark: UInt8 = 0x10

    /// The frame of a statement.
    public init(_ held: HeldPictures) {
        firstPicture = UInt16(truncatingIfNeeded: held.firstPicture.rawValue)
        pictureCount = held.pictureCount
        isMarked = held.isMarked
    }

    /// The statement, its number found near the picture that is expected next; nothing where such
    /// pictures cannot be.
    public func held(near expected: PictureNumber) -> HeldPictures? {
        let number = LowBits.expand(firstPicture, near: UInt64(expected.rawValue))
        return UInt32(exactly: number).flatMap {
            HeldPictures(
                firstPicture: PictureNumber($0), pictureCount: pictureCount, isMarked: isMarked)
        }
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        firstPicture = try cursor.uint16(bytes)
        let marks = try cursor.byte(bytes)
        guard marks <= Self.mark | 0x0F else {
            throw .valueOutOfRange(field: .heldPictures, value: UInt64(marks))
        }
        pictureCount = Int(marks & 0x0F) + 1
        isMarked = marks & Self.mark != 0
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(uint16: firstPicture)
        bytes.append(UInt8(pictureCount - 1) | (isMarked ? Self.mark : 0))
    }
}
