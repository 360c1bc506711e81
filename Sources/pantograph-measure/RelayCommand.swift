import ArgumentParser
import Media
import NetworkEmulation
import Pipeline
import ProgramOptions
import UDPTransport

struct RelayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "relay",
        abstract: "Stands between a sender and a receiver and behaves like a bad network.",
        discussion: """
            Example: drop 5 % of the datagrams and let some be overtaken:
              pantograph-receive --listen 127.0.0.1:4001 --output out.mkv &
              pantograph-measure relay --listen 127.0.0.1:4000 --to 127.0.0.1:4001 --loss 0.05 --reorder 0.05 &
              pantograph-send --input talk.mp4 --to 127.0.0.1:4000

            Each direction is a link of its own. Ends on Ctrl-C, or after --timeout without a datagram.
            """)

    @Option(help: ArgumentHelp("Where the sender sends to.", valueName: "host:port"))
    var listen: Endpoint

    @Option(help: ArgumentHelp("The receiver.", valueName: "host:port"))
    var to: Endpoint

    @Option(
        help: ArgumentHelp(
            "End when no datagram has come for so long, after the first one.", valueName: "seconds")
    )
    var timeout: Seconds?

    @Option(
        help: ArgumentHelp(
            "Write a line of JSON for each of the sender's datagrams: when it came, its bytes with headers, and whether it was lost.",
            valueName: "file.jsonl"))
    var trace: String?

    @OptionGroup(title: "Link") var link: LinkOptions

    func run() async throws {
        let stop = StopSignal()
        let near = try await UDPTransport.listen(at: listen)
        let far = try await UDPTransport.connect(to: to)
        let place = Endpoint(host: listen.host, port: near.localAddress.port)
        Notice.tell("relaying from \(place) to \(to)")
        let relay = Relay(
            near: near, far: far, conditions: link.conditions, seed: link.seed,
            timeout: timeout?.duration,
            trace: try trace.map { path throws(ReportError) in try JSONLinesWriter(path: path) })
        let counts = await relay.run(until: stop.requests)
        await near.close()
        await far.close()
        if let failure = await relay.failure { Notice.tell("\(failure)") }
        for (name, count) in [("to the receiver", counts.there), ("to the sender", counts.back)] {
            Notice.tell(
                "\(name): \(count.offered) datagrams, \(count.lost + count.dropped) lost, "
                    + "\(count.reordered) overtaken, \(count.duplicated) doubled, \(count.corrupted) damaged"
            )
        }
    }
}
