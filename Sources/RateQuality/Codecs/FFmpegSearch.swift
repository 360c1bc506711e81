import Foundation

/// Where the `ffmpeg` program is: the one that was named, else the one of the Python package
/// imageio-ffmpeg, else the one that the shell would find.
///
/// The package's is preferred since it is current and has all codecs, which a distribution's often
/// is not and has not.
package struct FFmpegSearch: Sendable {
    /// What commands with an option for it say.
    package static let defaultName = "ffmpeg"

    /// The program: a path, or a name that is looked for where the shell would.
    package let path: String

    /// Searches; takes a tenth of a second where nothing was named.
    ///
    /// - Parameters:
    ///   - named: what the user named, which is taken as it is.
    ///   - python: the interpreter that is asked for the package.
    package init(named: String?, python: String = "python3") {
        path = named ?? Self.package(python) ?? Self.defaultName
    }

    /// The package's program; nothing where package or interpreter is not there.
    private static func package(_ python: String) -> String? {
        let folder = FileManager.default.temporaryDirectory.path
        let answer = "\(folder)/imageio-ffmpeg-\(UUID().uuidString)"
        defer { _ = unsafe unlink(answer) }
        var child = ChildProcess(
            python, ["-c", "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())"],
            folder: folder)
        child.output = answer
        child.limit = .seconds(20)
        guard (try? child.run()) != nil,
            let text = try? String(contentsOfFile: answer, encoding: .utf8)
        else { return nil }
        let path = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }
}
