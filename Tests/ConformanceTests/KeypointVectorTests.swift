import KeypointCoding
import Media
import TestSupport
import Testing
import VideoCoding

/// Walks `Protocol/vectors/keypoints` and `/sources`, which an independent implementation wrote.
@Suite struct KeypointVectorTests {
    struct Meaning: Decodable {
        var error: String?
        /// "mean", "source", or how many pictures the reference lies before the first one.
        var kind: Kind
        var reference: [Int16]
        var pictureCount: Int
        var step: Int?
        var numbers: [[Int]]?
        var states: [[Int16]]?
    }

    enum Kind: Decodable {
        case mean, source, picture(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let distance = try? container.decode(Int.self) {
                self = .picture(distance)
                return
            }
            switch try container.decode(String.self) {
            case "mean": self = .mean
            case "source": self = .source
            case let name:
                throw DecodingError.dataCorruptedError(in: container, debugDescription: name)
            }
        }

        var reference: ReferenceKind {
            switch self {
            case .mean: .mean
            case .source: .source
            case .picture(let distance): .picture(distance: distance)
            }
        }
    }

    let tables: KeypointTables

    init() throws { tables = try ShippedTables.read() }

    @Test(arguments: try Vector.all(in: "keypoints"))
    func unit(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: Meaning.self)
        let reference = KeypointState(values: meaning.reference)
        let kind = meaning.kind.reference
        func decode() throws(KeypointCodingError) -> [KeypointState] {
            try KeypointDecoder(tables).decode(
                vector.bytes, pictureCount: meaning.pictureCount, reference: reference, kind: kind)
        }
        if let expected = meaning.error {
            do {
                _ = try decode()
                Issue.record("a malformed unit was taken")
            } catch {
                #expect("\(error)".hasPrefix(expected))
            }
            return
        }
        let numbers = try KeypointNumbers(
            decoding: vector.bytes, pictureCount: meaning.pictureCount, kind: kind, tables: tables)
        #expect(numbers.step.index == meaning.step)
        #expect(numbers.values == (try present(meaning.numbers)).flatMap { $0 })
        #expect(try decode().map(\.values) == meaning.states)
        // What was shortened or changed on its way decodes, but is not how an encoder puts it.
        if !vector.name.contains("/odd_") {
            #expect(numbers.encoded(kind, tables: tables) == vector.bytes)
        }
    }

    struct SourceMeaning: Decodable {
        var error: String?
        var keypoints: String?
        var state: [Int16]?
        var base: UInt16?
        var picture: String?
    }

    @Test(arguments: try Vector.all(in: "sources"))
    func source(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: SourceMeaning.self)
        if let expected = meaning.error {
            do {
                _ = try SourcePayload(parsing: vector.bytes)
                Issue.record("a malformed source was taken")
            } catch {
                #expect("\(error)".hasPrefix(expected))
            }
            return
        }
        let source = try SourcePayload(parsing: vector.bytes)
        #expect(source.keypoints == (try Vector.bytes(ofHex: present(meaning.keypoints))))
        #expect(source.base == meaning.base.map { SourceIdentifier($0) })
        #expect(source.picture == (try Vector.bytes(ofHex: present(meaning.picture))))
        #expect(source.bytes == vector.bytes)
        let states = try KeypointDecoder(tables).decode(
            source.keypoints, pictureCount: 1, reference: tables.mean, kind: .mean)
        #expect(states.map(\.values) == [try present(meaning.state)])
    }
}
