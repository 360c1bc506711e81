import Foundation

/// What the machine's processors have used, where it tells (Linux' powercap interface to RAPL).
///
/// The counters are of the whole machine: what they say belongs to a program only where nothing else runs.
package struct EnergyMeter: Sendable {
    /// One processor's counter.
    private struct Package: Sendable {
        let counter: String
        /// The value after which the counter begins again at zero, microjoules; nothing where it is not told.
        let range: Double?
    }

    /// What the counters say at one time.
    package struct Reading: Sendable {
        /// Microjoules of each package.
        fileprivate let values: [Double]
    }

    private let packages: [Package]

    /// Finds the counters; nothing where there are none or they may not be read.
    package init?(folder: String = "/sys/class/powercap") {
        let zones = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // Zones of whole packages have one colon: intel-rapl:0.
        packages = zones.filter {
            $0.hasPrefix("intel-rapl:") && $0.split(separator: ":").count == 2
        }.sorted().map { zone in
            Package(
                counter: "\(folder)/\(zone)/energy_uj",
                range: Self.microjoules("\(folder)/\(zone)/max_energy_range_uj"))
        }
        guard !packages.isEmpty, read() != nil else { return nil }
    }

    /// The counters now; nothing where one cannot be read any more.
    package func read() -> Reading? {
        let values = packages.compactMap { Self.microjoules($0.counter) }
        return values.count == packages.count ? Reading(values: values) : nil
    }

    /// Joules between two readings, less than one turn of a counter apart, which takes minutes at least.
    ///
    /// Nothing where a counter went backwards and its range is not known.
    package func joules(from earlier: Reading, to later: Reading) -> Double? {
        var sum = 0.0
        for (package, (before, after)) in zip(packages, zip(earlier.values, later.values)) {
            var used = after - before
            if used < 0 {
                guard let range = package.range, range >= before else { return nil }
                used += range
            }
            sum += used
        }
        return sum / 1e6
    }

    /// Runs something, and tells what was used meanwhile.
    func measured<Result>(_ body: () throws -> Result) rethrows -> (Result, joules: Double?) {
        let before = read()
        let result = try body()
        let joules = before.flatMap { before in read().flatMap { self.joules(from: before, to: $0) }
        }
        return (result, joules)
    }

    private static func microjoules(_ path: String) -> Double? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
