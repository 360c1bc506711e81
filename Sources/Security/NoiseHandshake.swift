package import Crypto

/// A Noise handshake under way, seen from one end (Noise, section 5.3).
///
/// A value: reading a message that is not authentic throws and changes nothing, so that a forged message
/// cannot spoil a handshake that an authentic one would complete.
package struct NoiseHandshake: Sendable {
    /// Which end this is.
    package enum Role: Hashable, Sendable { case initiator, responder }

    /// What this end knows.
    package struct Keys: Sendable {
        /// The shared key; 32 zero bytes where a pattern with static keys has none.
        package var preShared: SymmetricKey
        /// This end's static key and the other end's, where the pattern has them.
        package var statics: (own: PrivateKey, peer: PublicKey)?

        package init(
            preShared: SymmetricKey, statics: (own: PrivateKey, peer: PublicKey)? = nil
        ) {
            self.preShared = preShared
            self.statics = statics
        }
    }

    package typealias PrivateKey = Curve25519.KeyAgreement.PrivateKey
    package typealias PublicKey = Curve25519.KeyAgreement.PublicKey

    /// The length of a public key.
    package static let keyLength = 32

    private let pattern: NoisePattern
    private let role: Role
    private let keys: Keys
    private var symmetric: NoiseSymmetricState
    private var ephemeral: PrivateKey?
    private var peerEphemeral: PublicKey?
    private var nextMessage = 0

    /// Starts a handshake.
    ///
    /// - Parameters:
    ///   - prologue: What both ends must agree about beforehand; not sent.
    ///   - keys: With static keys where the pattern has them.
    package init(_ pattern: NoisePattern, as role: Role, prologue: [UInt8], keys: Keys) {
        precondition(
            pattern.knowsStaticKeys == (keys.statics != nil),
            "static keys are given exactly where the pattern has them")
        self.pattern = pattern
        self.role = role
        self.keys = keys
        symmetric = NoiseSymmetricState(protocolName: pattern.protocolName)
        symmetric.mixHash(prologue)
        if let statics = keys.statics {
            let own = Array(statics.own.publicKey.rawRepresentation)
            let peer = Array(statics.peer.rawRepresentation)
            for key in role == .initiator ? [own, peer] : [peer, own] { symmetric.mixHash(key) }
        }
    }

    /// Whether all messages have been written and read.
    package var isComplete: Bool { nextMessage == pattern.messages.count }

    /// Writes this end's next message; to call only in turn.
    ///
    /// - Parameter ephemeral: Drawn for this message, and never used again. It is an argument here rather
    ///   than of the start, so that a responder draws one only for a message that was authentic.
    package mutating func write(
        payload: [UInt8], ephemeral: PrivateKey
    ) throws(NoiseError) -> [UInt8] {
        self.ephemeral = ephemeral
        var message: [UInt8] = []
        for token in takeTokens(writing: true) {
            if token == .e {
                let key = Array(ephemeral.publicKey.rawRepresentation)
                message += key
                mixEphemeral(key)
            } else {
                try mix(token)
            }
        }
        return message + (try symmetric.encryptAndHash(payload))
    }

    /// Reads the other end's next message and gives its payload; to call only in turn.
    package mutating func read(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        var next = self
        let payload = try next.readInPlace(message)
        self = next
        return payload
    }

    /// The keys of a complete handshake: initiator to responder, responder to initiator.
    package func split() -> (toResponder: SymmetricKey, toInitiator: SymmetricKey) {
        precondition(isComplete, "a handshake has keys when it is complete")
        let (first, second) = symmetric.split()
        return (first, second)
    }

    private mutating func readInPlace(_ message: [UInt8]) throws(NoiseError) -> [UInt8] {
        var rest = message[...]
        for token in takeTokens(writing: false) {
            if token == .e {
                guard rest.count >= Self.keyLength else { throw .truncated }
                let key = Array(rest.prefix(Self.keyLength))
                rest = rest.dropFirst(Self.keyLength)
                do {
                    peerEphemeral = try PublicKey(rawRepresentation: key)
                } catch {
                    throw .weakPublicKey
                }
                mixEphemeral(key)
            } else {
                try mix(token)
            }
        }
        return try symmetric.decryptAndHash(Array(rest))
    }

    private mutating func takeTokens(writing: Bool) -> [NoisePattern.Token] {
        let isInitiators = nextMessage.isMultiple(of: 2)
        precondition(
            !isComplete && isInitiators == ((role == .initiator) == writing),
            "handshake messages are written and read in turn")
        defer { nextMessage += 1 }
        return pattern.messages[nextMessage]
    }

    private mutating func mixEphemeral(_ key: [UInt8]) {
        symmetric.mixHash(key)
        // Patterns with a shared key mix the ephemeral one in, so that no cipher key is used twice
        // (section 9.2); all patterns here are of that kind.
        symmetric.mixKey(key)
    }

    private mutating func mix(_ token: NoisePattern.Token) throws(NoiseError) {
        let isInitiator = role == .initiator
        switch token {
        case .e: preconditionFailure("an ephemeral key is not mixed but sent")
        case .psk: symmetric.mixKeyAndHash(keys.preShared.bytes)
        case .ee: try mixSecret(of: ephemeral, and: peerEphemeral)
        case .es:
            try mixSecret(
                of: isInitiator ? ephemeral : keys.statics?.own,
                and: isInitiator ? keys.statics?.peer : peerEphemeral)
        case .se:
            try mixSecret(
                of: isInitiator ? keys.statics?.own : ephemeral,
                and: isInitiator ? peerEphemeral : keys.statics?.peer)
        case .ss: try mixSecret(of: keys.statics?.own, and: keys.statics?.peer)
        }
    }

    private mutating func mixSecret(
        of own: PrivateKey?, and peer: PublicKey?
    ) throws(NoiseError) {
        guard let own, let peer else {
            preconditionFailure("a pattern names only keys that are there")
        }
        symmetric.mixKey(try own.secret(with: peer))
    }
}
