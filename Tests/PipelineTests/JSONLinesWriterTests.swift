import Foundation
import Pipeline
import Testing

@Suite struct JSONLinesWriterTests {
    private struct Row: Codable, Equatable {
        var b: Int
        var a: String
    }

    @Test func eachValueIsALine() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("what was there before".utf8).write(to: URL(filePath: path))
        let rows = [Row(b: 1, a: "x/y"), Row(b: 2, a: "line\nbreak")]
        do {
            let writer = try JSONLinesWriter(path: path)
            for row in rows { writer.write(row) }
            #expect(writer.failure == nil)
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == #"{"a":"x/y","b":1}"#)
        #expect(try lines.map { try JSONDecoder().decode(Row.self, from: Data($0.utf8)) } == rows)
    }

    @Test func aMissingFolderIsAnErrorWithTheSystemsReason() {
        let error = #expect(throws: ReportError.self) {
            _ = try JSONLinesWriter(path: "/nowhere/at/all.jsonl")
        }
        #expect(
            error?.description.hasPrefix(
                "cannot write /nowhere/at/all.jsonl: No such file or directory.") == true)
    }

    @Test func aFullDiskIsKeptAndNotThrown() throws {
        let writer = try JSONLinesWriter(path: "/dev/full")
        writer.write(Row(b: 1, a: ""))
        #expect(
            writer.failure
                == .cannotWrite(path: "/dev/full", reason: "No space left on device"))
        writer.write(Row(b: 2, a: ""))
        // Opening must never replace what is there.
        let type = try FileManager.default.attributesOfItem(atPath: "/dev/full")[.type]
        #expect(type as? FileAttributeType == .typeCharacterSpecial)
    }
}
