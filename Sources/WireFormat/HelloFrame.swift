public import Media

/// What the call is made of; repeated until the receiver answers (`Protocol/packets.md`, section 3.1).
public struct HelloFrame: Hashable, Sendable {
    /// The size of each picture.
    public let size: PictureSize
    /// Pictures a second.
    public let rate: PictureRate
    /// Keypoints in each picture, 1…``WireConstants/largestKeypointCount``.
    public let keypointCount: Int
    /// How many sources the sender announces, 1…``WireConstants/largestSourceSet``.
    public let sourceCount: Int
    /// SHA-256 that names the weights of both ends' network, 32 bytes.
    public let weightsHash: [UInt8]

    /// The length of ``weightsHash``.
    public static let hashLength = 32

    /// Makes a hello, or nothing where a value is out of range.
    public init?(
        size: PictureSize, rate: PictureRate, keypointCount: Int, sourceCount: Int,
        weightsHash: [UInt8]
    ) {
        guard
            (1...WireConstants.largestKeypointCount).contains(keypointCount),
            (1...WireConstants.largestSourceSet).contains(sourceCount),
            weightsHash.count == Self.hashLength
        else { return nil }
        self.size = size
        self.rate = rate
        self.keypointCount = keypointCount
        self.sourceCount = sourceCount
        self.weightsHash = weightsHash
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let largest = UInt64(PictureSize.largestSide)
        let width = try cursor.integer(bytes, in: 2...largest, .pictureWidth)
        let height = try cursor.integer(bytes, in: 2...largest, .pictureHeight)
        guard let size = PictureSize(width: Int(width), height: Int(height)) else {
            throw .valueOutOfRange(field: .pictureWidth, value: width)
        }
        let rawRate = try cursor.integer(bytes, in: 1...120, .pictureRate)
        guard let rate = PictureRate(picturesPerSecond: Int(rawRate)) else {
            throw .valueOutOfRange(field: .pictureRate, value: rawRate)
        }
        self.size = size
        self.rate = rate
        keypointCount = Int(
            try cursor.integer(
                bytes, in: 1...UInt64(WireConstants.largestKeypointCount), .keypointCount))
        sourceCount = Int(
            try cursor.integer(
                bytes, in: 1...UInt64(WireConstants.largestSourceSet), .sourceStatusCount))
        weightsHash = try cursor.take(Self.hashLength, bytes)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(size.width))
        bytes.append(integer: UInt64(size.height))
        bytes.append(integer: UInt64(rate.picturesPerSecond))
        bytes.append(integer: UInt64(keypointCount))
        bytes.append(integer: UInt64(sourceCount))
        bytes += weightsHash
    }
}
