import Security
import WireFormat

extension HandshakeTerms {
    /// The terms of this build; nothing for keypoint counts that no call has.
    init?(_ weightsHash: [UInt8], keypointCount: Int) {
        guard let count = UInt8(exactly: keypointCount) else { return nil }
        self.init(
            weightsHash: weightsHash, keypointCount: count,
            sourceSetSize: UInt8(WireConstants.largestSourceSet),
            largestDatagram: UInt16(WireConstants.largestDatagram))
    }
}
