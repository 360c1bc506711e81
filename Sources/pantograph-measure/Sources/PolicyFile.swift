import Foundation
import Pipeline
import VideoCoding

/// Another configuration of the adaptive policy, as JSON: what it does not name stays as it is.
struct PolicyFile: Decodable {
    /// Why a file cannot be used.
    enum Failure: Error, CustomStringConvertible {
        case unreadable(path: String, reason: String)

        var description: String {
            switch self {
            case .unreadable(let path, let reason): "\(path) is no configuration: \(reason)"
            }
        }
    }

    private var quantizers: [Int]?
    private var triedQuantizers: [Int]?
    private var capacity: Int?
    private var halfLifeSeconds: Double?
    private var patienceSeconds: Double?
    private var leastGain: Double?
    private var firstGain: Double?
    private var gainHalfLifeSeconds: Double?
    private var overlapSeconds: Double?
    private var trialLooks: Int?
    private var trustPrior: Double?
    private var trustHalfLifeSeconds: Double?
    private var doubtGain: Double?

    /// Reads a file.
    static func read(_ path: String) throws(Failure) -> PolicyFile {
        do {
            let data = try Data(contentsOf: URL(filePath: path))
            let file = try JSONDecoder().decode(PolicyFile.self, from: data)
            guard file.isSensible else {
                throw Failure.unreadable(
                    path: path,
                    reason: "quantizers are 0 to 63, capacity is 1 to 1000, the rest above zero")
            }
            return file
        } catch let failure as Failure {
            throw failure
        } catch {
            throw .unreadable(path: path, reason: ReportError.reason(error))
        }
    }

    private var isSensible: Bool {
        let numbers = [
            halfLifeSeconds, patienceSeconds, leastGain, firstGain, gainHalfLifeSeconds,
            overlapSeconds, trustPrior, trustHalfLifeSeconds,
        ]
        let ladders = [quantizers, triedQuantizers].compactMap { $0 }
        return ladders.allSatisfy { !$0.isEmpty && $0.allSatisfy((0...63).contains) }
            && capacity.map { (1...1000).contains($0) } ?? true
            && trialLooks.map { (0...100).contains($0) } ?? true
            && doubtGain.map { (0...1).contains($0) } ?? true
            && numbers.allSatisfy { $0.map { $0 > 0 && $0 < 1e6 } ?? true }
    }

    /// Changes a configuration.
    func apply(to configuration: inout SourcePolicy.Configuration) {
        if let quantizers { configuration.quantizers = quantizers }
        if let triedQuantizers { configuration.triedQuantizers = triedQuantizers }
        if let capacity { configuration.capacity = capacity }
        if let halfLifeSeconds { configuration.halfLife = .seconds(halfLifeSeconds) }
        if let patienceSeconds { configuration.patience = .seconds(patienceSeconds) }
        if let leastGain { configuration.leastGain = leastGain }
        if let firstGain { configuration.firstGain = firstGain }
        if let gainHalfLifeSeconds { configuration.gainHalfLife = .seconds(gainHalfLifeSeconds) }
        if let trialLooks { configuration.trialLooks = trialLooks }
        if let trustPrior { configuration.trustPrior = trustPrior }
        if let trustHalfLifeSeconds { configuration.trustHalfLife = .seconds(trustHalfLifeSeconds) }
        if let doubtGain { configuration.doubtGain = doubtGain }
        if let overlapSeconds { configuration.overlap = .seconds(overlapSeconds) }
    }
}
