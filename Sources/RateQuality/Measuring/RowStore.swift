import Foundation
import Pipeline

/// The rows of a measurement in its folder; what is there already is kept, so that a run can be
/// taken up again.
package final class RowStore {
    package static let rowsName = "rows.jsonl"
    package static let picturesName = "pictures.jsonl"

    private let folder: String
    private let rowsFile: FileHandle
    private let picturesFile: FileHandle
    private(set) package var rows: [RateQualityRow.Key: RateQualityRow] = [:]

    /// Opens a folder, which may hold rows of an earlier run; a last line that was not finished is
    /// removed, and its row measured again.
    ///
    /// - Parameters:
    ///   - folder: where the rows are.
    ///   - again: codecs whose rows are thrown away.
    /// - Throws: `ReportError`.
    package init(folder: String, again: Set<String> = []) throws {
        if !again.isEmpty {
            try Self.keep(RateQualityRow.self, "\(folder)/\(Self.rowsName)") {
                !again.contains($0.codec)
            }
            try Self.keep(PictureRow.self, "\(folder)/\(Self.picturesName)") {
                !again.contains($0.codec)
            }
        }
        self.folder = folder
        (rowsFile, rows) = try Self.open("\(folder)/\(Self.rowsName)", RateQualityRow.self) {
            $0.key
        }
        (picturesFile, _) = try Self.open("\(folder)/\(Self.picturesName)", PictureRow.self) {
            $0.key
        }
    }

    package func contains(_ key: RateQualityRow.Key) -> Bool { rows[key] != nil }

    /// Adds a row and what it was made of.
    package func add(_ row: RateQualityRow, _ pictures: PictureRow) throws {
        // The row last: a row that is there has its pictures.
        try write(pictures, to: picturesFile)
        try write(row, to: rowsFile)
        rows[row.key] = row
    }

    /// Writes a file anew with only some of its lines.
    private static func keep<Row: Codable>(
        _ type: Row.Type, _ path: String, _ isKept: (Row) -> Bool
    ) throws {
        do {
            var data = Data()
            for row in read(type, path) where isKept(row) { data += try line(row) }
            try data.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw ReportError.cannotWrite(path: path, reason: ReportError.reason(error))
        }
    }

    private static func line(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value) + Data("\n".utf8)
    }

    private func write(_ value: some Encodable, to file: FileHandle) throws {
        do {
            try file.write(contentsOf: Self.line(value))
        } catch {
            throw ReportError.cannotWrite(path: folder, reason: ReportError.reason(error))
        }
    }

    /// Reads lines; of equal keys the last one counts.
    package static func read<Row: Decodable>(_ type: Row.Type, _ path: String) -> [Row] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        return data.split(separator: UInt8(ascii: "\n")).compactMap {
            try? decoder.decode(type, from: Data($0))
        }
    }

    private static func open<Row: Decodable>(
        _ path: String, _ type: Row.Type, key: (Row) -> RateQualityRow.Key
    ) throws -> (FileHandle, [RateQualityRow.Key: Row]) {
        let descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ReportError.cannotWrite(
                path: path, reason: unsafe String(cString: strerror(errno)))
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let complete = (data.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        ftruncate(descriptor, complete)
        try file.seekToEnd()
        let rows = read(type, path)
        return (file, Dictionary(rows.map { (key($0), $0) }) { $1 })
    }
}
