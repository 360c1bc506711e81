import Glibc

/// Where pictures or sound come from: a file or URL, an open file descriptor, or a device.
public struct VideoInput: Hashable, Sendable {
    enum Kind: Hashable {
        case file(String, format: String?)
        case descriptor(Int32)
        case device(String, format: String)
    }

    let kind: Kind

    /// Reads the name of an input as on a command line.
    ///
    /// - Parameters:
    ///   - name: `-` for standard input, `/dev/video…` for a camera (Video4Linux2), else a path or
    ///     URL.
    ///   - format: the name of an FFmpeg demuxer or input device that the input is to be read with
    ///     (`v4l2`, `x11grab`, `alsa`, `lavfi`, `rawvideo`, …); found out where nil.
    public init(_ name: String, format: String? = nil) {
        if name == "-" {
            kind = .descriptor(STDIN_FILENO)
        } else if name.hasPrefix("/dev/video") {
            kind = .device(name, format: format ?? "v4l2")
        } else if let format, Self.devices.contains(format) {
            kind = .device(name, format: format)
        } else {
            kind = .file(name, format: format)
        }
    }

    /// An open file, pipe or socket; it stays the caller's to close.
    public init(fileDescriptor: Int32) { kind = .descriptor(fileDescriptor) }

    /// The input devices of libavdevice: those that give pictures, then those that give sound.
    private static let devices: Set<String> = [
        "v4l2", "video4linux2", "x11grab", "kmsgrab", "fbdev", "lavfi", "libdc1394",
        "alsa", "pulse", "jack", "oss", "sndio", "openal",
    ]

    /// Whether pictures come at their own pace: devices, pipes, sockets and terminals, but no files.
    public var isLive: Bool {
        switch kind {
        case .device(_, let format): format != "lavfi"
        case .file(let path, _): Self.mode(path: path).map(Self.flows) ?? false
        case .descriptor(let descriptor): Self.mode(descriptor: descriptor).map(Self.flows) ?? false
        }
    }

    /// Whether the descriptor is that of a regular file, which can be opened again and sought in.
    static func isRegularFile(_ descriptor: Int32) -> Bool {
        mode(descriptor: descriptor).map { $0 & S_IFMT == S_IFREG } ?? false
    }

    private static func flows(_ mode: mode_t) -> Bool {
        [S_IFIFO, S_IFSOCK, S_IFCHR].contains(mode & S_IFMT)
    }

    private static func mode(path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode : nil
    }

    private static func mode(descriptor: Int32) -> mode_t? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status.st_mode : nil
    }
}

extension VideoInput: CustomStringConvertible {
    public var description: String {
        switch kind {
        case .file(let path, _): path
        case .descriptor(STDIN_FILENO): "standard input"
        case .descriptor(let descriptor): "file descriptor \(descriptor)"
        case .device(let name, _): name
        }
    }
}
