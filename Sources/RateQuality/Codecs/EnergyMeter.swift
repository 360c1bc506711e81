import Foundation

/// What the machine's processors have used, where it tells (Linux' powercap interface to RAPL).
package struct EnergyMeter: Sendable {
    private let packages: [String]

    /// Finds the counters; nothing where there are none or they may not be read.
    package init?(folder: String = "/sys/class/powercap") {
        let zones = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        // Zones of whole packages have one colon: intel-rapl:0.
        packages = zones.filter {
            $0.hasPrefix("intel-rapl:") && $0.split(separator: ":").count == 2
        }
        .map { "\(folder)/\($0)/energy_uj" }
        guard !packages.isEmpty, packages.allSatisfy({ Self.microjoules($0) != nil }) else {
            return nil
        }
    }

    /// Since some time in the past; wraps round every few hours, which makes one figure useless.
    var joules: Double {
        packages.reduce(0) { $0 + (Self.microjoules($1) ?? 0) / 1e6 }
    }

    private static func microjoules(_ path: String) -> Double? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        return Double(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
