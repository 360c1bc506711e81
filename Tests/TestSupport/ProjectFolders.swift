import Foundation

/// Where tests find what is not code.
public enum ProjectFolders {
    /// The folder that holds `Package.swift`.
    public static let package: String = {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { folder.deleteLastPathComponent() }
        return folder.path
    }()

    /// Clips and metric weights that are not part of the project; nothing where they are absent.
    public static let shared: String? = {
        let path =
            ProcessInfo.processInfo.environment["PANTOGRAPH_SHARED"] ?? package + "/../shared"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}
