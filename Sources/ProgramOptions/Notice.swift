import Foundation
import Logging

/// Tells the user something on standard error.
public enum Notice {
    private static let logger: Logger = {
        LoggingSystem.bootstrap { _ in PlainLogHandler() }
        return Logger(label: "pantograph")
    }()

    /// Writes one line.
    public static func tell(_ text: String) { logger.notice("\(text)") }
}

/// Writes what is logged as plain lines: these programs talk to people.
private struct PlainLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .notice

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        FileHandle.standardError.write(Data("\(event.message)\n".utf8))
    }
}
