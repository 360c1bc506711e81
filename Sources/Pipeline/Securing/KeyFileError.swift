public import Security

/// Why a key file cannot be used; never says what is in it.
public enum KeyFileError: Error, Hashable, Sendable {
    /// A new key would replace something.
    case exists(path: String)
    /// The system does not let it be written.
    case unwritable(path: String, reason: String)
    /// The system does not let it be read.
    case unreadable(path: String, reason: String)
    /// A folder, a pipe or a device.
    case notAFile(path: String)
    /// Others than the owner may read or write a secret.
    case othersMayRead(path: String, mode: String)
    /// It holds something else.
    case notAKey(path: String, KeyTextError)
}

extension KeyFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let path):
            "\(path) exists: a new key does not replace it; choose another name, or remove it"
        case .unwritable(let path, let reason): "cannot write the key to \(path): \(reason)"
        case .unreadable(let path, let reason): "cannot read the key file \(path): \(reason)"
        case .notAFile(let path): "\(path) is not a file, so not a key file"
        case .othersMayRead(let path, let mode):
            "others than you may use the key file \(path) (mode \(mode)): chmod 600 \(path), and make a "
                + "new key if others are on this machine"
        case .notAKey(let path, let reason):
            "\(path) is not the key file that is needed here: \(reason)"
        }
    }
}
