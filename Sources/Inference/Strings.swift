internal import COpenVINO
import Glibc

/// The text that the engine allocated, which is freed.
func take(_ text: UnsafeMutablePointer<CChar>?) -> String {
    guard let text = unsafe text else { return "" }
    defer { unsafe pov_free(text) }
    return unsafe String(cString: text)
}

/// Whether the path is a regular file that may be read.
func isReadableFile(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, R_OK) == 0
}
