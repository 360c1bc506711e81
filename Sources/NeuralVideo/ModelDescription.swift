import FoundationEssentials

/// What `model.json` says: the SHA-256 of each file; training's other remarks are not read.
struct ModelDescription {
    /// 32 bytes for each file name.
    let hashes: [String: [UInt8]]

    private struct Contents: Decodable {
        struct File: Decodable {
            let sha256: String
        }
        let files: [String: File]
    }

    init(at path: String) throws(ModelError) {
        let bytes = try contents(of: path)
        var hashes = [String: [UInt8]]()
        do {
            for (name, file) in try JSONDecoder().decode(Contents.self, from: bytes).files {
                hashes[name] = Self.bytes(hexadecimal: file.sha256)
            }
        } catch {
            throw .malformedDescription(path: path, reason: "\(error)")
        }
        self.hashes = hashes
    }

    private static func bytes(hexadecimal text: String) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == 64, text.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
