import Foundation
import Pipeline

/// Writes a value as a JSON file for people to read, too.
enum JSONFile {
    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(value).write(to: URL(fileURLWithPath: path))
        } catch {
            throw ReportError.cannotWrite(path: path, reason: ReportError.reason(error))
        }
    }
}
