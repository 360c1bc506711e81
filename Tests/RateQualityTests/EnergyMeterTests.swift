import Foundation
import RateQuality
import TestSupport
import Testing

/// A folder as Linux' powercap interface has it.
@Suite("Energy meter")
struct EnergyMeterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func set(_ zone: String, _ microjoules: String, range: String? = nil) throws {
        try FileManager.default.createDirectory(
            atPath: folder.file(zone), withIntermediateDirectories: true)
        try Data("\(microjoules)\n".utf8).write(
            to: URL(filePath: folder.file("\(zone)/energy_uj")))
        guard let range else { return }
        try Data("\(range)\n".utf8).write(
            to: URL(filePath: folder.file("\(zone)/max_energy_range_uj")))
    }

    @Test func packagesAreAddedUpAndPartsOfThemAreNot() throws {
        try set("intel-rapl:0", "1000000", range: "262143328850")
        try set("intel-rapl:1", "5000000", range: "262143328850")
        try set("intel-rapl:0:0", "7", range: "262143328850")
        let meter = try #require(EnergyMeter(folder: folder.path))
        let before = try #require(meter.read())
        try set("intel-rapl:0", "1500000")
        try set("intel-rapl:1", "7000000")
        try set("intel-rapl:0:0", "900000")
        let after = try #require(meter.read())
        #expect(meter.joules(from: before, to: after) == 2.5)
    }

    @Test func aCounterThatBeganAgainIsUnderstood() throws {
        try set("intel-rapl:0", "9000000", range: "10000000")
        let meter = try #require(EnergyMeter(folder: folder.path))
        let before = try #require(meter.read())
        try set("intel-rapl:0", "500000")
        let after = try #require(meter.read())
        #expect(meter.joules(from: before, to: after) == 1.5)
    }

    @Test func withoutARangeThereIsNoTelling() throws {
        try set("intel-rapl:0", "9000000")
        let meter = try #require(EnergyMeter(folder: folder.path))
        let before = try #require(meter.read())
        try set("intel-rapl:0", "500000")
        #expect(meter.joules(from: before, to: try #require(meter.read())) == nil)
    }

    @Test(arguments: [nil, "no number"] as [String?])
    func machinesWithoutCountersHaveNone(text: String?) throws {
        if let text { try set("intel-rapl:0", text) }
        try set("dtpm", "5")
        #expect(EnergyMeter(folder: folder.path) == nil)
        #expect(EnergyMeter(folder: folder.file("nowhere")) == nil)
    }
}
