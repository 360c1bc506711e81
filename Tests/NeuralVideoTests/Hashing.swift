import Crypto
import Foundation

/// The SHA-256 of a file in hexadecimal digits.
func sha256(ofFile path: String) throws -> String {
    let content = try Data(contentsOf: URL(filePath: path))
    return SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined()
}
