import Foundation

/// The video files of a folder and of the folders in it, by path.
struct ClipFolder {
    /// Why there is nothing to measure.
    enum Failure: Error, CustomStringConvertible {
        case unreadable(String)
        case empty(String)
        case nothingMeasured(String)

        var description: String {
            switch self {
            case .unreadable(let path):
                "\(path) is not a folder that can be read: give --clips a folder of videos"
            case .empty(let path):
                "\(path) holds no videos (\(ClipFolder.suffixes.sorted().joined(separator: ", ")))"
            case .nothingMeasured(let path):
                "none of the videos in \(path) could be measured; the reasons are above"
            }
        }
    }

    /// What names of videos end with.
    static let suffixes: Set<String> = ["avi", "m4v", "mkv", "mov", "mp4", "webm", "y4m"]

    let clips: [URL]

    /// Lists a folder; of its videos each `every`-th.
    init(_ path: String, every: Int) throws(Failure) {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        guard unsafe files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue,
            let paths = files.enumerator(atPath: path)
        else { throw .unreadable(path) }
        let found = paths.compactMap { $0 as? String }.map {
            URL(filePath: path).appending(path: $0)
        }
        .filter { Self.suffixes.contains($0.pathExtension.lowercased()) }
        .sorted { $0.path < $1.path }
        clips = found.enumerated().filter { $0.offset.isMultiple(of: every) }.map(\.element)
        guard !clips.isEmpty else { throw .empty(path) }
    }
}
