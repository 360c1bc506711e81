import Foundation
import Security
import TestSupport
import Testing

/// `Protocol/handshake.md`, section 7, against the code.
@Suite struct ConstantsTests {
    @Test func theSpecificationSaysTheSame() throws {
        let text = try String(
            contentsOfFile: ProjectFolders.package + "/Protocol/handshake.md", encoding: .utf8)
        let section = try #require(text.components(separatedBy: "\n## 7. Constants\n").last)
        var stated: [String: UInt64] = [:]
        for line in section.split(separator: "\n") where line.hasPrefix("| ") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count == 3, let value = UInt64(cells[1]) { stated[cells[0]] = value }
        }
        #expect(
            stated == [
                "version": UInt64(SecurityConstants.version),
                "largestDatagram": UInt64(SecurityConstants.largestDatagram),
                "headerLength": UInt64(SecurityConstants.headerLength),
                "tagLength": UInt64(SecurityConstants.tagLength),
                "handshakeLength": UInt64(SecurityConstants.handshakeLength),
                "epochLength": SecurityConstants.epochLength,
                "largestPacketNumber": SecurityConstants.largestPacketNumber,
                "replayWindow": SecurityConstants.replayWindow,
                "forgeryBudget": SecurityConstants.forgeryBudget,
                "rememberedQuestions": UInt64(SecurityConstants.rememberedQuestions),
                "answersToAQuestion": UInt64(SecurityConstants.answersToAQuestion),
                "openAnswers": UInt64(SecurityConstants.openAnswers),
            ])
    }
}
