package import Media
package import WireFormat

/// Pictures of the stream that are being put together, and which of them the receiver holds: within bounds, and
/// none is given out whose reference is not held.
package struct IncomingPictures: Sendable {
    /// What came of some bytes.
    package enum Outcome: Hashable, Sendable {
        /// There is more to come, or these were there already.
        case taken
        /// It is whole and can be decoded.
        case whole(StreamPicture)
        /// They contradict others, or belong to a picture that is past or cannot be decoded.
        case refused
    }

    fileprivate struct Assembly {
        let number: PictureNumber
        let kind: StreamPicture.Kind
        var bytes: [UInt8] = []
        var held = ByteRanges()
        var size: Int?
    }

    /// So many pictures may be on their way at once: an anchor and leaves behind it.
    private static let largestCount = 4
    /// After so many frames of pictures nothing more is said of them.
    private static let statementCount = 3

    private var assemblies: [Assembly] = []
    /// What others may be predicted from, the newest last; at most two.
    package private(set) var anchors: [PictureNumber] = []
    private var latest: PictureNumber?
    private var dueStatements = 0

    /// Holds nothing.
    package init() {}

    /// How many pictures are being put together.
    package var unfinishedCount: Int { assemblies.count }

    /// Takes in bytes of a picture near the one that is expected next.
    package mutating func insert(_ frame: PictureFrame, near expected: PictureNumber) -> Outcome {
        dueStatements = Self.statementCount
        guard let (number, kind) = frame.name(near: expected) else { return .refused }
        if number == latest { return .taken }
        guard latest.map({ $0 < number }) ?? true else { return .refused }
        guard let index = place(of: number, kind) else { return .refused }
        let range = frame.offset..<frame.offset + frame.bytes.count
        let size = assemblies[index].size ?? (frame.isLast ? range.upperBound : nil)
        if let size {
            guard range.upperBound <= size, !frame.isLast || range.upperBound == size,
                assemblies[index].bytes.count <= size
            else { return .refused }
            assemblies[index].size = size
        }
        assemblies[index].insert(frame.bytes, range)
        guard assemblies[index].held.count == size else { return .taken }
        let bytes = assemblies[index].bytes
        assemblies.removeAll { $0.number <= number }
        guard let picture = StreamPicture(number: number, kind: kind, payload: bytes) else {
            return .refused
        }
        if let reference = picture.reference {
            guard anchors.contains(reference) else { return .refused }
        }
        latest = number
        if picture.isAnchor { anchors = [picture.reference, number].compactMap(\.self) }
        return .whole(picture)
    }

    /// Where a picture is put together; nothing where there is no room, or it was said to be another.
    private mutating func place(of number: PictureNumber, _ kind: StreamPicture.Kind) -> Int? {
        if let index = assemblies.firstIndex(where: { $0.number == number }) {
            return assemblies[index].kind == kind ? index : nil
        }
        assemblies.append(Assembly(number: number, kind: kind))
        assemblies.sort { $0.number < $1.number }
        // The oldest one is the least likely to become whole.
        if assemblies.count > Self.largestCount { assemblies.removeFirst() }
        return assemblies.firstIndex { $0.number == number }
    }

    /// Forgets what is held: it could not be decoded.
    mutating func forget() {
        anchors = []
        assemblies = []
        dueStatements = Self.statementCount
    }

    /// What to tell the sender beside an acknowledgement, where it has heard it too seldom.
    var statement: PictureStatusFrame? {
        dueStatements > 0 ? PictureStatusFrame(anchor: anchors.last) : nil
    }

    /// Takes in that the sender was told so.
    mutating func toldStatement() { dueStatements = max(0, dueStatements - 1) }
}

extension IncomingPictures.Assembly {
    /// Puts bytes in their place; what is there already stays.
    fileprivate mutating func insert(_ new: [UInt8], _ range: Range<Int>) {
        if bytes.count < range.upperBound {
            bytes += [UInt8](repeating: 0, count: range.upperBound - bytes.count)
        }
        for gap in held.gaps(in: range) {
            let part = gap.lowerBound - range.lowerBound..<gap.upperBound - range.lowerBound
            bytes.replaceSubrange(gap, with: new[part])
        }
        held.insert(range)
    }
}
