public import ArgumentParser
import Pipeline
public import Security

/// Options that say what a call is protected with.
public struct SecurityOptions: ParsableArguments {
    /// The shared key.
    @Option(
        help: ArgumentHelp(
            "The key that both ends have; nobody else can take part, listen or change anything.",
            discussion:
                "Made once by pantograph-send --make-key FILE, and brought to the other end by a way you trust.",
            valueName: "file"))
    public var keyFile: String?

    /// This end's static key.
    @Option(
        help: ArgumentHelp(
            "This end's own private key, with --peer-key, instead of --key-file or beside it.",
            discussion:
                "Made by pantograph-send --make-static-key FILE; the other end gets FILE.pub, which is no secret.",
            valueName: "file"))
    public var staticKey: String?

    /// The other end's static key.
    @Option(
        help: ArgumentHelp("The other end's public key, with --static-key.", valueName: "file"))
    public var peerKey: String?

    /// No protection.
    @Flag(
        help: ArgumentHelp(
            "Go without a key: everybody on the way can listen, change and end the call."))
    public var insecure = false

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        let hasKey = keyFile != nil || staticKey != nil || peerKey != nil
        if insecure, hasKey {
            throw ValidationError("--insecure goes without keys: leave it out, or the key options")
        }
        guard (staticKey == nil) == (peerKey == nil) else {
            throw ValidationError("--static-key and --peer-key go together: give both")
        }
        guard hasKey || insecure else {
            throw ValidationError(
                "nothing protects this call. Make a key with 'pantograph-send --make-key call.key', bring the file to the other end by a way you trust, and start both programs with --key-file call.key (or say --insecure at both ends)"
            )
        }
    }

    /// Reads the keys; nothing for a call that nothing protects.
    ///
    /// - Throws: `KeyFileError`.
    public func credentials() throws -> Credentials? {
        let shared = try keyFile.map { path throws(KeyFileError) in
            try KeyFile.shared(at: path)
        }
        guard let staticKey, let peerKey else { return shared.map(Credentials.shared) }
        return .statics(
            own: try KeyFile.staticKey(at: staticKey), peer: try KeyFile.publicKey(at: peerKey),
            shared: shared)
    }
}
