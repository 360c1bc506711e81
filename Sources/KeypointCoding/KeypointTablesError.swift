/// Why a file holds no tables for keypoints.
public enum KeypointTablesError: Error, Hashable, Sendable {
    /// The file does not begin like tables of this version.
    case unknownFormat
    /// The tables are for a number of keypoints that is not 1…64.
    case keypointCount(Int)
    /// The file is longer or shorter than tables for its number of keypoints.
    case length(expected: Int, found: Int)
    /// A probability, in 1/65536, is not 32…65504.
    case probability(Int)
    /// Different numbers stand for the same keypoints: the basis has no inverse.
    case singularBasis
}

extension KeypointTablesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownFormat:
            "it does not begin like tables of version \(KeypointTables.version) for keypoints"
        case .keypointCount(let count):
            "tables for \(count) keypoints; 1 to \(KeypointTables.largestKeypointCount) are possible"
        case .length(let expected, let found):
            "\(found) bytes; tables for as many keypoints have \(expected)"
        case .probability(let value):
            "a probability of \(value) / 65536; 32 to 65504 are possible"
        case .singularBasis:
            "the basis has no inverse"
        }
    }
}
