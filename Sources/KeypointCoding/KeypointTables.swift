/// What was learned about the keypoints of one detector: how they move together, how much, and how
/// often (`Protocol/keypoints.md`, section 2). `Training/keypoint_tables.py` makes them.
public struct KeypointTables: Hashable, Sendable {
    /// How many keypoints a picture has.
    public let keypointCount: Int
    /// The mean picture: what a source's keypoints are predicted from.
    public let mean: KeypointState

    /// `size × size`, row by row: what each number adds to each value of the state.
    let basis: [Int16]
    /// For units of 1, 2, … pictures, count × count: what number f is at picture t, in 1/16384.
    let time: [[Int16]]
    /// For each class of ``ReferenceKind``, for units of 1, 2, … pictures: the level of each number
    /// at step 0.
    let levels: [[[UInt8]]]
    /// Three probabilities of a one, in 1/65536, for each level and activity.
    let ones: [UInt16]
    /// The magnitude to be expected of each level, in 1/64.
    let expected: [UInt16]

    /// The version of the file's layout.
    public static let version: UInt8 = 1
    /// The most keypoints that tables can be for.
    public static let largestKeypointCount = 64
    /// The most pictures in a unit.
    public static let largestPictureCount = 6
    /// Levels of expected magnitude.
    static let levelCount = 40
    /// Levels of how lively a unit is so far.
    static let activityCount = 25

    private static let signature = Array("PGKT".utf8) + [version]

    /// Values of a state: three for each keypoint.
    var size: Int { 3 * keypointCount }

    /// Reads the contents of a file, which may be anything.
    ///
    /// - Throws: ``KeypointTablesError``.
    public init(parsing bytes: [UInt8]) throws(KeypointTablesError) {
        guard bytes.starts(with: Self.signature), bytes.count > Self.signature.count else {
            throw .unknownFormat
        }
        let count = Int(bytes[Self.signature.count])
        guard (1...Self.largestKeypointCount).contains(count) else { throw .keypointCount(count) }
        let expectedLength = Self.length(keypointCount: count)
        guard bytes.count == expectedLength else {
            throw .length(expected: expectedLength, found: bytes.count)
        }
        let size = 3 * count
        // The length is right, so that the parts below lie within the bytes.
        var rest = bytes[(Self.signature.count + 1)...]
        func take(_ count: Int) -> [UInt8] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        func words(_ count: Int) -> [UInt16] {
            let part = take(2 * count)
            return (0..<count).map { UInt16(part[2 * $0]) << 8 | UInt16(part[2 * $0 + 1]) }
        }
        func signed(_ count: Int) -> [Int16] { words(count).map { Int16(bitPattern: $0) } }

        keypointCount = count
        mean = KeypointState(values: signed(size))
        basis = signed(size * size)
        time = (1...Self.largestPictureCount).map { signed($0 * $0) }
        levels = (0..<ReferenceKind.classCount).map { kind in
            (1...(kind == 0 ? 1 : Self.largestPictureCount)).map { take($0 * size) }
        }
        ones = words(Self.levelCount * Self.activityCount * 3)
        expected = words(Self.levelCount)
        if let wrong = ones.first(where: { !(32...65504).contains($0) }) {
            throw .probability(Int(wrong))
        }
    }

    /// The length of a file for so many keypoints.
    static func length(keypointCount: Int) -> Int {
        let size = 3 * keypointCount
        let pictures = (1...largestPictureCount).reduce(0, +)
        let squares = (1...largestPictureCount).reduce(0) { $0 + $1 * $1 }
        let levels = size * (1 + (ReferenceKind.classCount - 1) * pictures)
        let words = size + size * size + squares + levelCount * activityCount * 3 + levelCount
        return signature.count + 1 + 2 * words + levels
    }

    /// The levels at step 0 of a unit's numbers, or nothing where a unit cannot be so long.
    func levels(_ kind: ReferenceKind, pictureCount: Int) -> [UInt8]? {
        let lists = levels[kind.number]
        return lists.indices.contains(pictureCount - 1) ? lists[pictureCount - 1] : nil
    }
}
