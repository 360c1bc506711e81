import Foundation
import Media
import TestSupport
import Testing
import WireFormat

/// Walks `Protocol/vectors/datagrams`, which an independent implementation wrote.
@Suite struct DatagramVectorTests {
    struct Meaning: Decodable {
        var error: String?
        var call: UInt32?
        var packetNumber: UInt64?
        var frames: [FrameMeaning]?
    }

    @Test(arguments: try Vector.all(in: "datagrams"))
    func vector(_ vector: Vector) throws {
        let meaning = try vector.decoded(as: Meaning.self)
        if let expected = meaning.error {
            do {
                let datagram = try Datagram(parsing: vector.bytes.span)
                _ = try Payload(parsing: datagram.payload.span)
                Issue.record("a malformed datagram was taken")
            } catch {
                #expect(Self.name(error) == expected)
            }
            return
        }
        let payload = Payload(try present(meaning.frames).map { try $0.value() })
        let datagram = Datagram(
            call: CallIdentifier(try present(meaning.call)),
            packetNumber: try present(meaning.packetNumber), payload: payload.bytes)
        #expect(datagram.bytes == vector.bytes)
        let parsed = try Datagram(parsing: vector.bytes.span)
        #expect(parsed == datagram)
        #expect(try Payload(parsing: parsed.payload.span) == payload)
    }

    static func name(_ error: WireError) -> String {
        switch error {
        case .truncated: "truncated"
        case .unsupportedVersion: "unsupportedVersion"
        case .unknownKind: "unknownKind"
        case .unknownFrameType: "unknownFrameType"
        case .valueOutOfRange: "valueOutOfRange"
        case .oversized: "oversized"
        case .empty: "empty"
        case .misplacedFrame: "misplacedFrame"
        }
    }
}
