import Foundation

/// What the exported networks gave in Python (Training/export.py writes the file).
struct Golden: Decodable {
    struct Tolerance: Decodable {
        let locations: Float
        let strengths: Float
        let encoder: Float
        let picture: Float
    }

    struct Detection: Decodable {
        let phase: Double
        let locations: [[Float]]
        let strengths: [Float]
    }

    struct SourceEncoding: Decodable {
        struct Output: Decodable {
            let shape: [Int]
            let values: [Float]
        }
        let phase: Double
        let stride: Int
        let outputs: [String: Output]
    }

    struct Generation: Decodable {
        struct Case: Decodable {
            let sourcePhases: [Double]
            let drivingPhase: Double
            let values: [Float]

            enum CodingKeys: String, CodingKey {
                case sourcePhases = "source phases"
                case drivingPhase = "driving phase"
                case values
            }
        }
        let stride: Int
        let cases: [Case]
    }

    struct Tiny: Decodable {
        struct Case: Decodable {
            let sources: [[Float]]
            let gain: [[Float]]
            let total: [[Float]]
        }
        let cases: [Case]
    }

    let sha256: [String: String]
    let tolerance: Tolerance
    let detector: [Detection]
    let sourceEncoder: SourceEncoding
    let generator: Generation
    let tiny: Tiny

    enum CodingKeys: String, CodingKey {
        case sha256, tolerance, detector, generator, tiny
        case sourceEncoder = "source_encoder"
    }

    /// The folder of the golden values.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Golden"

    /// Reads the golden values; an absent file is an error.
    static func read() throws -> Golden {
        let content = try Data(contentsOf: URL(filePath: folder + "/golden.json"))
        return try JSONDecoder().decode(Golden.self, from: content)
    }
}
