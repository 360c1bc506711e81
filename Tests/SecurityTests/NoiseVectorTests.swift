import Crypto
import Foundation
import Security
import TestSupport
import Testing

/// A block of `Protocol/vectors/noise/flynn.txt`.
struct NoiseVector: Sendable, CustomStringConvertible {
    let fields: [String: String]
    var description: String { "\(fields["handshake"] ?? "") \(fields["msg_0_payload"] ?? "")" }

    static func all() throws -> [NoiseVector] {
        let path = ProjectFolders.package + "/Protocol/vectors/noise/flynn.txt"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.components(separatedBy: "\n\n").compactMap { block in
            let pairs = block.split(separator: "\n").filter { !$0.hasPrefix("#") }
                .map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
            return pairs.isEmpty
                ? nil
                : NoiseVector(
                    fields: Dictionary(
                        pairs.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { $1 }))
        }
    }

    func bytes(_ name: String) throws -> [UInt8] {
        try Vector.bytes(ofHex: fields[name] ?? "")
    }

    func privateKey(_ name: String) throws -> NoiseHandshake.PrivateKey {
        try NoiseHandshake.PrivateKey(rawRepresentation: try bytes(name))
    }

    func handshake(as role: NoiseHandshake.Role) throws -> NoiseHandshake {
        let patterns = [NoisePattern.nnPSK0, .kkPSK0]
        let pattern = try #require(patterns.first { $0.protocolName == fields["handshake"] })
        var keys = NoiseHandshake.Keys(
            preShared: SymmetricKey(data: try bytes("preshared_key")))
        if pattern.knowsStaticKeys {
            let initiator = try privateKey("init_static")
            let responder = try privateKey("resp_static")
            keys.statics =
                role == .initiator
                ? (initiator, responder.publicKey) : (responder, initiator.publicKey)
        }
        return NoiseHandshake(pattern, as: role, prologue: try bytes("prologue"), keys: keys)
    }
}

@Suite struct NoiseVectorTests {
    @Test func thereAreEight() throws { #expect(try NoiseVector.all().count == 8) }

    @Test(arguments: try NoiseVector.all())
    func bothRoles(_ vector: NoiseVector) throws {
        var initiator = try vector.handshake(as: .initiator)
        var responder = try vector.handshake(as: .responder)
        let question = try initiator.write(
            payload: vector.bytes("msg_0_payload"),
            ephemeral: vector.privateKey("gen_init_ephemeral"))
        #expect(try question == vector.bytes("msg_0_ciphertext"))
        #expect(try responder.read(question) == vector.bytes("msg_0_payload"))
        let answer = try responder.write(
            payload: vector.bytes("msg_1_payload"),
            ephemeral: vector.privateKey("gen_resp_ephemeral"))
        #expect(try answer == vector.bytes("msg_1_ciphertext"))
        #expect(try initiator.read(answer) == vector.bytes("msg_1_payload"))
        #expect(initiator.isComplete && responder.isComplete)

        let keys = initiator.split()
        #expect(keys == responder.split())
        for (name, key) in [("msg_2", keys.toResponder), ("msg_3", keys.toInitiator)] {
            var sealing = NoiseCipherState(key: key)
            var opening = NoiseCipherState(key: key)
            let plaintext = try vector.bytes(name + "_payload")
            let sealed = try sealing.encrypt(plaintext, authenticating: [])
            #expect(try sealed == vector.bytes(name + "_ciphertext"))
            #expect(try opening.decrypt(sealed, authenticating: []) == plaintext)
        }
    }

    @Test(arguments: try NoiseVector.all())
    func everyChangedByteAndEveryLengthIsRefused(_ vector: NoiseVector) throws {
        let question = try vector.bytes("msg_0_ciphertext")
        var responder = try vector.handshake(as: .responder)
        for index in question.indices {
            var changed = question
            changed[index] ^= 0x80
            #expect(throws: NoiseError.self) { try responder.read(changed) }
            #expect(throws: NoiseError.self) { try responder.read(Array(question[..<index])) }
        }
        // None of these has changed the state: the authentic one still reads.
        #expect(try responder.read(question) == vector.bytes("msg_0_payload"))
    }

    @Test func aKeyOfSmallOrderIsRefused() throws {
        let vector = try #require(try NoiseVector.all().first)
        var initiator = try vector.handshake(as: .initiator)
        _ = try initiator.write(payload: [], ephemeral: vector.privateKey("gen_init_ephemeral"))
        #expect(throws: NoiseError.weakPublicKey) {
            try initiator.read([UInt8](repeating: 0, count: 48))
        }
    }
}
