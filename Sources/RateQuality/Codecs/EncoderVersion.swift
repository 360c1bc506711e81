import Foundation

/// What an encoder says its version is, in what ffmpeg prints while it runs, or in what it writes.
package enum EncoderVersion {
    /// Finds it; nothing where it is not said.
    package static func find(in words: String) -> String? {
        let patterns: [Regex<(Substring, Substring)>] = [
            /encoder version ([\w.+-]+)/,  // x265
            /Encoder Lib (v[\w.+-]+)/,  // SVT-AV1
            /libvvenc version: ([\w.+-]+)/,
            /x264 - (core \d+)/,  // in the stream
            /\] (v\d[\w.+-]*)/,  // libvpx, libaom
        ]
        for pattern in patterns {
            if let match = words.firstMatch(of: pattern) { return String(match.1) }
        }
        return nil
    }
}

extension FFmpegProgram {
    /// The version of an encoder's library; nothing where it does not tell.
    ///
    /// - Parameters:
    ///   - encoder: its name in ffmpeg.
    ///   - scratch: a folder for its files.
    package func version(of encoder: String, scratch: String) -> String? {
        // It runs in the folder: there the stream has a name, not a path.
        let stream = "version-\(encoder).out"
        let files = ["\(scratch)/version-\(encoder).log", "\(scratch)/\(stream)"]
        defer { for file in files { _ = unsafe unlink(file) } }
        var child = ChildProcess(
            path,
            [
                "-hide_banner", "-nostdin", "-y", "-f", "lavfi", "-i", "color=s=64x64:d=0.1",
                "-c:v", encoder, "-f", encoder == "libx264" ? "h264" : "null", stream,
            ], folder: scratch)
        child.messages = files[0]
        child.limit = .seconds(30)
        guard (try? child.run()) != nil else { return nil }
        let bytes = files.compactMap { FileManager.default.contents(atPath: $0) }
        return bytes.lazy.compactMap {
            EncoderVersion.find(in: String(decoding: $0, as: UTF8.self))
        }
        .first
    }
}
