/// A handshake pattern of the Noise Protocol Framework, revision 34, section 7: what each message holds.
package struct NoisePattern: Hashable, Sendable {
    /// A token of a message pattern; `s` is not among them, since static keys are known beforehand.
    package enum Token: Hashable, Sendable { case e, ee, es, se, ss, psk }

    /// The name, as it enters the protocol name.
    package let name: String
    /// The tokens of each message; the initiator writes the first one.
    package let messages: [[Token]]
    /// Whether both ends know each other's static key beforehand.
    package let knowsStaticKeys: Bool

    /// Both ends share a key and nothing else.
    package static let nnPSK0 = NoisePattern(
        name: "NNpsk0", messages: [[.psk, .e], [.e, .ee]], knowsStaticKeys: false)
    /// Both ends know each other's static key, and may share a key besides.
    package static let kkPSK0 = NoisePattern(
        name: "KKpsk0", messages: [[.psk, .e, .es, .ss], [.e, .ee, .se]], knowsStaticKeys: true)

    /// The name that the handshake's hash starts from.
    package var protocolName: String { "Noise_\(name)_25519_ChaChaPoly_SHA256" }
}
