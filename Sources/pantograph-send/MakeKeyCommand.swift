import ArgumentParser
import Pipeline
import ProgramOptions

/// `pantograph-send --make-key FILE`: writes a key and sends nothing.
struct MakeKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pantograph-send",
        abstract: "Makes the key files that protect calls.",
        discussion: """
            Examples:
              pantograph-send --make-key call.key
              pantograph-send --make-static-key anna.key     # and anna.key.pub, for the other end
            """)

    @Option(help: ArgumentHelp("Write a new shared key.", valueName: "file"))
    var makeKey: String?

    @Option(
        help: ArgumentHelp(
            "Write a new private key, and its public half to the same name with .pub behind it.",
            valueName: "file"))
    var makeStaticKey: String?

    /// Whether the arguments ask for a key rather than for a call.
    static func isMeant(by arguments: [String]) -> Bool {
        arguments.contains {
            $0.hasPrefix("--make-key") || $0.hasPrefix("--make-static-key")
        }
    }

    func run() throws {
        if let makeKey {
            try KeyFile.makeShared(at: makeKey)
            Notice.tell(
                "\(makeKey) holds a new key: bring a copy to the other end by a way you trust, and give both ends --key-file"
            )
        }
        if let makeStaticKey {
            try KeyFile.makeStatic(at: makeStaticKey)
            Notice.tell(
                "\(makeStaticKey) is this end's, for --static-key, and stays secret; \(makeStaticKey).pub is for the other end, for --peer-key"
            )
        }
    }
}
