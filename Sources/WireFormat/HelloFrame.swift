public import Media

/// What the call is made of; repeated until the receiver answers (`Protocol/packets.md`, section 3.1).
public struct HelloFrame: Hashable, Sendable {
    /// The size of each picture.
    public let size: PictureSize
    /// Pictures a second.
    public let rate: PictureRate
    /// Keypoints in each picture, 1…``WireConstants/largestKeypointCount``.
    public let keypointCount: Int
    /// The most bits a second that the sender will put on the wire, IP and UDP headers counted.
    public let promisedRate: Bitrate
    /// Whether the receiver has answered in this call before.
    public let isKnown: Bool
    /// The number of the picture that comes next: what the low bits of later numbers are found near to.
    public let nextPicture: PictureNumber
    /// SHA-256 that names the weights of both ends' network, 32 bytes.
    public let weightsHash: [UInt8]

    /// The length of ``weightsHash``.
    public static let hashLength = 32

    /// Makes a hello, or nothing where a value is out of range.
    public init?(
        size: PictureSize, rate: PictureRate, keypointCount: Int, promisedRate: Bitrate,
        weightsHash: [UInt8], isKnown: Bool = false, nextPicture: PictureNumber = .zero
    ) {
        guard
            (1...WireConstants.largestKeypointCount).contains(keypointCount),
            (1...Double(WireConstants.largestRate)).contains(promisedRate.bitsPerSecond),
            weightsHash.count == Self.hashLength
        else { return nil }
        self.size = size
        self.rate = rate
        self.keypointCount = keypointCount
        // What travels is whole bits a second, and no more than is promised.
        self.promisedRate = Bitrate(bitsPerSecond: promisedRate.bitsPerSecond.rounded(.down))
        self.weightsHash = weightsHash
        self.isKnown = isKnown
        self.nextPicture = nextPicture
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
        promisedRate = Bitrate(
            bitsPerSecond: Double(
                try cursor.integer(bytes, in: 1...WireConstants.largestRate, .promisedRate)))
        isKnown = try cursor.integer(bytes, in: 0...1, .isKnown) == 1
        nextPicture = PictureNumber(
            UInt32(try cursor.integer(bytes, in: 0...UInt64(UInt32.max), .nextPicture)))
        weightsHash = try cursor.take(Self.hashLength, bytes)
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(integer: UInt64(size.width))
        bytes.append(integer: UInt64(size.height))
        bytes.append(integer: UInt64(rate.picturesPerSecond))
        bytes.append(integer: UInt64(keypointCount))
        bytes.append(integer: UInt64(promisedRate.bitsPerSecond))
        bytes.append(integer: isKnown ? 1 : 0)
        bytes.append(integer: UInt64(nextPicture.rawValue))
        bytes += weightsHash
    }

    /// The same, of a call that has come to a picture.
    ///
    /// - Parameter isKnown: whether the receiver has answered in it before.
    public func continued(isKnown: Bool, nextPicture: PictureNumber) -> HelloFrame {
        HelloFrame(
            size: size, rate: rate, keypointCount: keypointCount, promisedRate: promisedRate,
            weightsHash: weightsHash, isKnown: isKnown, nextPicture: nextPicture) ?? self
    }
}
