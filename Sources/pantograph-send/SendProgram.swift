import ArgumentParser

/// Makes a key, or a call.
@main
enum SendProgram {
    static func main() async {
        if MakeKeyCommand.isMeant(by: CommandLine.arguments) {
            MakeKeyCommand.main()
        } else {
            await SendCommand.main()
        }
    }
}
