import Foundation
import Pipeline

/// What a run was made with: `run.json` in its folder.
package struct RunDescription: Codable, Hashable, Sendable {
    package static let name = "run.json"

    /// What must be the same for rows to belong together.
    package struct Conditions: Codable, Hashable, Sendable {
        /// Each so-many-th picture is measured.
        package var every: Int
        /// The ffmpeg program's own words; nothing without one.
        package var ffmpeg: String?
        /// For each codec, what ffmpeg is told; for this one, its settings.
        package var options: [String: [String]]
        /// SHA-256 of this network's weights; nothing where this codec was not measured.
        package var network: String?
        /// SHA-256 of the weights of each metric that has some, by its name; nothing in descriptions of
        /// before these were noted.
        package var metrics: [String: String]?

        package init(
            every: Int, ffmpeg: String?, options: [String: [String]], network: String?,
            metrics: [String: String]? = nil
        ) {
            self.every = every
            self.ffmpeg = ffmpeg
            self.options = options
            self.network = network
            self.metrics = metrics
        }

        /// What differs from other conditions so that rows would not fit together; nothing where
        /// they do. Codecs that only one of them has are no matter.
        package func conflict(with other: Conditions) -> String? {
            if every != other.every { return "--every \(other.every)" }
            if let ffmpeg, let theirs = other.ffmpeg, ffmpeg != theirs { return theirs }
            if let network, let theirs = other.network, network != theirs {
                return "other weights of the network (\(OwnCodec.name))"
            }
            for (name, hash) in (metrics ?? [:]).sorted(by: { $0.key < $1.key }) {
                if let theirs = other.metrics?[name], theirs != hash {
                    return "other weights of \(name)"
                }
            }
            let both = Set(options.keys).intersection(other.options.keys).sorted()
            return both.first { !agrees(on: $0, with: other) }.map { "other settings of \($0)" }
        }

        /// Whether a codec that both have was told the same. Of this codec only settings that both have count: a
        /// later run may add some.
        private func agrees(on codec: String, with other: Conditions) -> Bool {
            guard codec == OwnCodec.name else { return options[codec] == other.options[codec] }
            let mine = Self.settings(options[codec]), theirs = Self.settings(other.options[codec])
            return mine.allSatisfy { name, told in theirs[name].map { $0 == told } ?? true }
        }

        /// What is told at each setting, by its name: lines are `name: arguments`.
        private static func settings(_ lines: [String]?) -> [Substring: Substring] {
            Dictionary(
                (lines ?? []).map { line in
                    let name = line.prefix { $0 != ":" }
                    return (name, line.dropFirst(name.count))
                }
            ) { $1 }
        }

        /// These with what only the others have; there must be no ``conflict(with:)``.
        package func merged(with other: Conditions) -> Conditions {
            Conditions(
                every: every, ffmpeg: ffmpeg ?? other.ffmpeg,
                options: options.merging(other.options) { mine, theirs in
                    mine == theirs ? mine : mine + theirs.filter { !mine.contains($0) }
                },
                network: network ?? other.network,
                metrics: metrics.map { $0.merging(other.metrics ?? [:]) { mine, _ in mine } }
                    ?? other.metrics)
        }
    }

    package var conditions: Conditions
    package var machine: Machine
    /// The arguments, so that somebody else can do it again.
    package var command: String
    package var clipCount: Int
    package var jobs: Int
    /// Measures and codecs that were left out, and why.
    package var leftOut: [String]
    /// Versions of the encoders' libraries, by ffmpeg's name of the encoder; those that tell.
    package var encoders: [String: String]?

    package init(
        conditions: Conditions, machine: Machine, command: String, clipCount: Int, jobs: Int,
        leftOut: [String], encoders: [String: String]? = nil
    ) {
        self.conditions = conditions
        self.machine = machine
        self.command = command
        self.clipCount = clipCount
        self.jobs = jobs
        self.leftOut = leftOut
        self.encoders = encoders
    }

    /// Reads what lies in a folder; nothing where there is none.
    package static func read(_ folder: String) -> RunDescription? {
        FileManager.default.contents(atPath: "\(folder)/\(name)").flatMap {
            try? JSONDecoder().decode(RunDescription.self, from: $0)
        }
    }

    /// Where a run with other conditions was made.
    package enum Failure: Error, CustomStringConvertible {
        case otherConditions(folder: String, String)

        package var description: String {
            switch self {
            case .otherConditions(let folder, let what):
                "\(folder) holds rows measured with \(what): use another folder for --out, the same "
                    + "options and programs, or --again to measure a codec anew"
            }
        }
    }

    /// Adds it to what a folder holds, unless rows there were made under other conditions.
    ///
    /// - Parameter again: codecs whose rows there do not count.
    /// - Returns: the description of all that is in the folder then.
    package func write(_ folder: String, again: Set<String> = []) throws -> RunDescription {
        var all = self
        if var earlier = Self.read(folder) {
            for codec in again { earlier.conditions.options[codec] = nil }
            if again.contains(OwnCodec.name) { earlier.conditions.network = nil }
            if let conflict = conditions.conflict(with: earlier.conditions) {
                throw Failure.otherConditions(folder: folder, conflict)
            }
            all.conditions = conditions.merged(with: earlier.conditions)
            let commands = earlier.command.split(separator: "\n").map(String.init)
            all.command = (commands.filter { $0 != command } + [command]).joined(separator: "\n")
            all.clipCount = max(clipCount, earlier.clipCount)
            all.encoders = Self.all(encoders, earlier.encoders)
        }
        try Self.write(all, to: "\(folder)/\(Self.name)")
        return all
    }

    /// What either says of encoders; of what both say, the first.
    static func all(_ mine: [String: String]?, _ others: [String: String]?) -> [String: String]? {
        mine.map { $0.merging(others ?? [:]) { mine, _ in mine } } ?? others
    }

    static func write(_ value: some Encodable, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            try encoder.encode(value).write(to: URL(filePath: path))
        } catch {
            throw ReportError.cannotWrite(path: path, reason: ReportError.reason(error))
        }
    }
}

/// The machine that a run was made on.
package struct Machine: Codable, Hashable, Sendable {
    package var processor: String
    package var cores: Int
    package var memoryGibibytes: Int
    package var system: String
    /// Programs that were running or waiting at the start, on average over a minute: others' work.
    package var load: Double

    /// This machine, now.
    package static var here: Machine {
        func line(_ path: String, _ prefix: String) -> String? {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(prefix) }
            return line.flatMap { $0.split(separator: ":").last }.map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let load = (try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)) ?? ""
        let name = line("/etc/os-release", "PRETTY_NAME=")?.split(separator: "\"").dropFirst().first
        return Machine(
            processor: line("/proc/cpuinfo", "model name") ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryGibibytes: Int(ProcessInfo.processInfo.physicalMemory >> 30),
            system: name.map(String.init) ?? "Linux",
            load: load.split(separator: " ").first.flatMap { Double($0) } ?? 0)
    }
}
