public import Security
import Foundation

/// Reads and writes key files (`Protocol/handshake.md`, section 5).
public enum KeyFile {
    /// No key file is longer; what is longer is not read.
    private static let largestSize = 1024

    /// Draws a shared key and writes it to a new file that only its owner may read.
    public static func makeShared(at path: String) throws(KeyFileError) {
        var random = SystemRandomNumberGenerator()
        try write(PreSharedKey(using: &random).text, to: path, mode: 0o600)
    }

    /// Draws a static key and writes it to a new file that only its owner may read, and its public half,
    /// for the other end, to the same name with `.pub` behind it.
    public static func makeStatic(at path: String) throws(KeyFileError) {
        var random = SystemRandomNumberGenerator()
        let key = StaticKey(using: &random)
        try write(key.text, to: path, mode: 0o600)
        do {
            try write(key.publicKey.text, to: path + ".pub", mode: 0o644)
        } catch {
            unsafe unlink(path)
            throw error
        }
    }

    /// Reads a shared key from a file that only its owner may read.
    public static func shared(at path: String) throws(KeyFileError) -> PreSharedKey {
        let text = try read(path, isSecret: true)
        do throws(KeyTextError) {
            return try PreSharedKey(text: text)
        } catch {
            throw .notAKey(path: path, error)
        }
    }

    /// Reads a static private key from a file that only its owner may read.
    public static func staticKey(at path: String) throws(KeyFileError) -> StaticKey {
        let text = try read(path, isSecret: true)
        do throws(KeyTextError) {
            return try StaticKey(text: text)
        } catch {
            throw .notAKey(path: path, error)
        }
    }

    /// Reads the other end's static public key; anybody may read it, too.
    public static func publicKey(at path: String) throws(KeyFileError) -> StaticPublicKey {
        let text = try read(path, isSecret: false)
        do throws(KeyTextError) {
            return try StaticPublicKey(text: text)
        } catch {
            throw .notAKey(path: path, error)
        }
    }

    private static func write(
        _ text: String, to path: String, mode: mode_t
    ) throws(KeyFileError) {
        // Exclusive: an older key would be lost, and a link somebody has put there be followed.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else {
            throw errno == EEXIST
                ? .exists(path: path) : .unwritable(path: path, reason: systemReason())
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try file.write(contentsOf: Data(text.utf8))
            try file.synchronize()
        } catch {
            unsafe unlink(path)
            throw .unwritable(path: path, reason: "\(error)")
        }
    }

    private static func read(_ path: String, isSecret: Bool) throws(KeyFileError) -> String {
        // Without waiting: a pipe with nobody at its other end would hold the program up.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .unreadable(path: path, reason: systemReason())
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // Asked of the open file, so that nobody can exchange it in between.
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: systemReason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
        let permissions = status.st_mode & 0o777
        if isSecret, permissions & 0o077 != 0 {
            throw .othersMayRead(path: path, mode: String(permissions, radix: 8))
        }
        let bytes: Data
        do {
            bytes = try file.read(upToCount: largestSize) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: "\(error)")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func systemReason() -> String { unsafe String(cString: strerror(errno)) }
}
