import Security
import Testing

/// Calls in other versions of the protocol are known as such.
@Suite struct ForeignVersionTests {
    /// What a datagram with this first byte calls in.
    private func version(_ first: UInt8, _ count: Int = 86, second: UInt8 = 0) -> UInt8? {
        var bytes = [UInt8](repeating: second, count: count)
        if count > 0 { bytes[0] = first }
        return ForeignVersion.ofCall(bytes.span)
    }

    @Test func questionsAndPlainDatagramsOfOthersAreNamed() {
        for other in UInt8(1)...31 where other != SecurityConstants.version {
            #expect(version(other) == other)
            #expect(version(0x40 | other) == other)
        }
    }

    @Test func ownOnesAndWhatIsNoCallAreNot() {
        let own = SecurityConstants.version
        for kind in UInt8(0)...7 { #expect(version(kind << 5 | own) == nil) }
        // Answers, sealed ones, questions with a phase, and no version at all.
        for first in [0x83, 0xC3, 0xE3, 0x23, 0x00, 0x40] as [UInt8] {
            #expect(version(first) == nil)
        }
        // Questions of another length, a plain kind that there is not, and nothing.
        #expect(version(0x43, 85) == nil && version(0x43, 87) == nil)
        #expect(version(3, 9, second: 1) == nil && version(3, 1) == nil && version(3, 0) == nil)
    }
}
