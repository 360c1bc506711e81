import Foundation
package import Media

/// A program that is run to its end, with what it cost.
package struct ChildProcess: Sendable {
    /// What a program left behind.
    package struct Outcome: Sendable {
        /// By the clock.
        package let elapsed: Duration
        /// Of all processors together, user and system time.
        package let processor: Duration
        /// The most memory that it was seen to hold.
        package let peakMemory: DataSize
    }

    /// Why a program did not do what it should.
    package enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case cannotStart(String, reason: String)
        case failed(String, status: Int32, message: String)
        case tooSlow(String, limit: Duration)

        package var description: String {
            switch self {
            case .cannotStart(let program, let reason):
                "\(program) cannot be started: \(reason)"
            case .failed(let program, let status, let message):
                "\(program) failed (\(status)): \(message)"
            case .tooSlow(let program, let limit):
                "\(program) was ended after \(Int(limit.seconds)) s without a result"
            }
        }
    }

    /// The program: a path, or a name that is looked for where the shell would.
    package var program: String
    package var arguments: [String]
    /// Where it runs, so that arguments may be names of files there.
    package var folder: String
    /// How long it may take.
    package var limit = Duration.seconds(1800)
    /// A file for its standard output; nowhere by default.
    package var output: String?
    /// A file for its standard error; one that is removed afterwards by default.
    package var messages: String?

    package init(_ program: String, _ arguments: [String], folder: String) {
        self.program = program
        self.arguments = arguments
        self.folder = folder
    }

    /// What `env` ends with where it cannot find the program.
    private static let notFound: Int32 = 127

    /// How often the child's memory is looked at.
    private static let pause: UInt32 = 4000

    /// Runs it; waits for it, and blocks the thread for that long.
    package func run() throws(Failure) -> Outcome {
        let messages = self.messages ?? "\(folder)/messages-\(UUID().uuidString)"
        defer { if self.messages == nil { _ = unsafe unlink(messages) } }
        let clock = ContinuousClock()
        let start = clock.now
        let child = try spawn(messages: messages)
        var peak = 0
        var status: Int32 = 0
        var usage = rusage()
        while unsafe wait4(child, &status, WNOHANG, &usage) == 0 {
            peak = max(peak, Self.residentPeak(of: child))
            if clock.now - start > limit {
                kill(child, SIGKILL)
                unsafe wait4(child, &status, 0, &usage)
                throw .tooSlow(name, limit: limit)
            }
            usleep(Self.pause)
        }
        let elapsed = clock.now - start
        // The wait status of POSIX: the low seven bits are the signal, the next byte the exit code.
        let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
        guard code != Self.notFound else {
            throw .cannotStart(program, reason: Self.lastLines(of: messages))
        }
        guard code == 0 else {
            throw .failed(name, status: code, message: Self.lastLines(of: messages))
        }
        return Outcome(
            elapsed: elapsed, processor: Self.duration(usage.ru_utime, usage.ru_stime),
            peakMemory: DataSize(bytes: peak))
    }

    private var name: String { URL(filePath: program).lastPathComponent }

    private func spawn(messages: String) throws(Failure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { _ = unsafe posix_spawn_file_actions_destroy(&actions) }
        let flags = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output ?? "/dev/null", flags, 0o644)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, messages, flags, 0o644)
        // env changes the folder and then becomes the program: no further process.
        let program = program.contains("/") ? URL(filePath: program).path : program
        var words =
            unsafe (["env", "-C", folder, program] + arguments).map {
                unsafe strdup($0)
            } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawnp(&child, "env", &actions, nil, &words, environ)
        guard code == 0 else {
            throw .cannotStart(program, reason: unsafe String(cString: strerror(code)))
        }
        return child
    }

    /// `VmHWM` of a process: `ru_maxrss` counts what the parent held before the child's start, too.
    private static func residentPeak(of child: pid_t) -> Int {
        guard let text = try? String(contentsOfFile: "/proc/\(child)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kibibytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return kibibytes * 1024
    }

    private static func duration(_ times: timeval...) -> Duration {
        times.reduce(.zero) { $0 + .seconds($1.tv_sec) + .microseconds($1.tv_usec) }
    }

    private static func lastLines(of path: String) -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
        let lines = text.split(whereSeparator: \.isNewline).suffix(3)
        return String(lines.joined(separator: "; ").suffix(400))
    }
}
