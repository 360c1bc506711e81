import Foundation

/// Why a report could not be written.
public enum ReportError: Error, Hashable, Sendable {
    /// The file could not be created or written.
    case cannotWrite(path: String, reason: String)
}

extension ReportError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cannotWrite(let path, let reason):
            "cannot write \(path): \(reason). Check the folder, the rights and the space left."
        }
    }
}

extension ReportError {
    /// What the system says, without the frame that Foundation puts around it.
    package static func reason(_ error: any Error) -> String {
        if let error = error as? POSIXError { return reason(error.code.rawValue) }
        let outer = error as NSError
        if outer.domain == NSPOSIXErrorDomain, let code = Int32(exactly: outer.code) {
            return reason(code)
        }
        guard let inner = outer.userInfo[NSUnderlyingErrorKey] as? any Error else {
            return error.localizedDescription
        }
        return reason(inner)
    }

    /// The system's words for one of its error numbers.
    static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
