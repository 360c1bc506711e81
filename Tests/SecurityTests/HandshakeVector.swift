import Foundation
import Security
import TestSupport

/// One case of `Protocol/vectors/handshake`.
struct HandshakeVector: Decodable, Sendable, CustomStringConvertible {
    struct Terms: Decodable, Sendable {
        let weightsHash: String
        let keypointCount: UInt8
        let sourceSetSize: UInt8
        let largestDatagram: UInt16
    }

    struct Sealed: Decodable, Sendable {
        let from: String
        let packetNumber: UInt64
        let payload: String
        let datagram: String
    }

    let pattern: String
    let preShared: String
    let initiatorEphemeral: String
    let responderEphemeral: String
    let initiatorStatic: String?
    let responderStatic: String?
    let initiatorStaticPublic: String?
    let responderStaticPublic: String?
    let initiatorTerms: Terms
    let responderTerms: Terms
    let refusal: UInt8
    let question: String
    let answer: String
    let sealed: [Sealed]

    var description: String { "\(pattern) \(question.prefix(12))" }

    static func all() throws -> [HandshakeVector] {
        let folder = URL(fileURLWithPath: ProjectFolders.package + "/Protocol/vectors/handshake")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: nil)
        let vectors = try files.filter { $0.pathExtension == "json" }.map {
            try JSONDecoder().decode(HandshakeVector.self, from: Data(contentsOf: $0))
        }
        guard !vectors.isEmpty else { throw CocoaError(.fileReadNoSuchFile) }
        return vectors.sorted { $0.question < $1.question }
    }

    func credentials(ofInitiator: Bool) throws -> Credentials {
        let shared = try PreSharedKey(text: "pantograph pre-shared key 1\n\(preShared)\n")
        guard
            let own = ofInitiator ? initiatorStatic : responderStatic,
            let peer = ofInitiator ? responderStaticPublic : initiatorStaticPublic
        else { return .shared(shared) }
        let isNone = preShared.allSatisfy { $0 == "0" }
        return .statics(
            own: try StaticKey(text: "pantograph static private key 1\n\(own)\n"),
            peer: try StaticPublicKey(text: "pantograph static public key 1\n\(peer)\n"),
            shared: isNone ? nil : shared)
    }
}

extension HandshakeVector.Terms {
    func value() throws -> HandshakeTerms {
        guard
            let terms = HandshakeTerms(
                weightsHash: try Vector.bytes(ofHex: weightsHash), keypointCount: keypointCount,
                sourceSetSize: sourceSetSize, largestDatagram: largestDatagram)
        else { throw CocoaError(.fileReadCorruptFile) }
        return terms
    }
}
