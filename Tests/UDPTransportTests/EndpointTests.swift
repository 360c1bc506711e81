import Testing
import UDPTransport

@Suite struct EndpointTests {
    @Test(arguments: [
        ("192.0.2.7:4000", "192.0.2.7", 4000), ("example.org:1", "example.org", 1),
        ("[2001:db8::1]:65535", "2001:db8::1", 65535), ("[::]:0", "::", 0),
        ("localhost:00080", "localhost", 80),
    ])
    func goodOnes(text: String, host: String, port: UInt16) throws {
        #expect(Endpoint(text) == Endpoint(host: host, port: port))
    }

    @Test(arguments: [
        "", ":", "127.0.0.1", "127.0.0.1:", ":4000", "127.0.0.1:65536", "127.0.0.1:-1", "[]:5",
        "127.0.0.1: 5", "127.0.0.1:5 ", "2001:db8::1:4000", "::1", "host:0x10", "host:４",
    ])
    func badOnes(text: String) { #expect(Endpoint(text) == nil) }

    @Test(arguments: ["192.0.2.7:4000", "example.org:1", "[2001:db8::1]:65535"])
    func whatIsWrittenIsReadAgain(text: String) throws {
        #expect(try #require(Endpoint(text)).description == text)
    }
}
