import Foundation

/// An `ffmpeg` program: the classical codecs, VMAF, and drawing of plots.
package struct FFmpegProgram: Sendable {
    /// Where it is.
    package let path: String
    /// Its first line about itself.
    package let version: String
    private let encoders: Set<String>
    private let filters: Set<String>
    private let decoders: Set<String>

    /// Asks a program what it can do.
    ///
    /// - Throws: `ChildProcess.Failure` where it is not there or is no ffmpeg.
    package init(_ path: String, scratch: String) throws {
        self.path = path
        func ask(_ argument: String) throws -> [Substring] {
            let file = "\(scratch)/ffmpeg\(argument)"
            var child = ChildProcess(path, ["-hide_banner", argument], folder: scratch)
            child.output = file
            child.limit = .seconds(60)
            defer { _ = unsafe unlink(file) }
            _ = try child.run()
            return try String(contentsOfFile: file, encoding: .utf8)
                .split(whereSeparator: \.isNewline)
        }
        func names(_ lines: [Substring]) -> Set<String> {
            Set(lines.compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) })
        }
        version =
            (try ask("-version").first).map { String($0.split(separator: " Copyright")[0]) }
            ?? "unknown"
        encoders = names(try ask("-encoders"))
        decoders = names(try ask("-decoders"))
        filters = names(try ask("-filters"))
    }

    /// Whether it can encode by this library.
    package func canEncode(_ encoder: String) -> Bool { encoders.contains(encoder) }
    /// Whether it has this decoder.
    package func canDecode(_ decoder: String) -> Bool { decoders.contains(decoder) }
    /// Whether it has this filter.
    package func canFilter(_ filter: String) -> Bool { filters.contains(filter) }
    /// Whether it draws SVG pictures.
    package var drawsSVG: Bool { decoders.contains("librsvg") }

    /// Why there is no picture of a plot.
    package enum DrawingFailure: Error, CustomStringConvertible {
        case noDecoder(String)

        package var description: String {
            switch self {
            case .noDecoder(let path): "\(path) does not draw SVG: it lacks librsvg"
            }
        }
    }

    /// Draws `NAME.svg` of a folder as `NAME.png`.
    ///
    /// - Throws: ``DrawingFailure``, `ChildProcess.Failure`.
    package func drawPNG(of name: String, in folder: String) throws {
        guard drawsSVG else { throw DrawingFailure.noDecoder(path) }
        _ = try run(["-i", "\(name).svg", "\(name).png"], in: folder)
    }

    /// Runs it in a folder; says nothing but errors.
    package func run(
        _ arguments: [String], in folder: String, limit: Duration = .seconds(1800)
    ) throws(ChildProcess.Failure) -> ChildProcess.Outcome {
        let common = ["-hide_banner", "-loglevel", "error", "-nostdin", "-y"]
        var child = ChildProcess(path, common + arguments, folder: folder)
        child.limit = limit
        return try child.run()
    }
}
