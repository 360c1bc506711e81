import Foundation
import TestSupport
import Testing
import WireFormat

@Suite struct ConstantsTests {
    /// The table of `Protocol/constants.md`, name by name.
    @Test func theSpecificationAndTheCodeAgree() throws {
        let text = try String(
            contentsOfFile: ProjectFolders.package + "/Protocol/constants.md", encoding: .utf8)
        var table: [String: Int] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count >= 2, let value = Int(cells[1]) { table[cells[0]] = value }
        }
        #expect(
            table == [
                "version": Int(WireConstants.version),
                "largestDatagram": WireConstants.largestDatagram,
                "plainKind": Int(WireConstants.plainKind),
                "datagramOverhead": WireConstants.datagramOverhead,
                "largestSource": WireConstants.largestSource,
                "largestSourceSet": WireConstants.largestSourceSet,
                "largestKeypointPayload": WireConstants.largestKeypointPayload,
                "largestVoicePayload": WireConstants.largestVoicePayload,
                "largestPicture": WireConstants.largestPicture,
                "largestPictureDistance": WireConstants.largestPictureDistance,
                "largestKeypointCount": WireConstants.largestKeypointCount,
                "largestFrameCount": WireConstants.largestFrameCount,
                "largestSourceCount": WireConstants.largestSourceCount,
                "largestSetCount": WireConstants.largestSetCount,
                "contentHashLength": WireConstants.contentHashLength,
                "largestReferenceDistance": WireConstants.largestReferenceDistance,
                "largestAckRangeCount": WireConstants.largestAckRangeCount,
                "largestAckSpan": WireConstants.largestAckSpan,
                "largestHeldRangeCount": WireConstants.largestHeldRangeCount,
                "largestRate": Int(WireConstants.largestRate),
                "sourceIdentifierLimit": Int(WireConstants.sourceIdentifierLimit),
            ])
    }
}
