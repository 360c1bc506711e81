import Foundation
import Media
import Security
import Testing

@Suite struct KeyTests {
    @Test func textIsReadBack() throws {
        let key = Fixtures.key(4)
        #expect(try PreSharedKey(text: key.text).text == key.text)
        let pair = Fixtures.statics(4)
        #expect(try StaticKey(text: pair.text).publicKey.text == pair.publicKey.text)
        #expect(try StaticPublicKey(text: pair.publicKey.text).text == pair.publicKey.text)
        #expect(try PreSharedKey(text: key.text.replacing("\n", with: "\r\n")).text == key.text)
        #expect(Fixtures.key(4).text != Fixtures.key(5).text)
    }

    @Test func otherTextsAreRefused() {
        let key = Fixtures.key(4).text
        let header = "pantograph pre-shared key 1"
        #expect(throws: KeyTextError.header(expected: header)) { try PreSharedKey(text: "") }
        #expect(throws: KeyTextError.header(expected: header)) {
            try PreSharedKey(text: Fixtures.statics(1).text)
        }
        for text in [
            header, String(key.dropLast(2)), key + "x", key.replacing("\n", with: "\n\n") + "0\n",
            header + "\n" + String(repeating: "g", count: 64),
            header + "\n" + String(repeating: "é", count: 32),
        ] {
            #expect(throws: KeyTextError.digits) { try PreSharedKey(text: text) }
        }
        let zero = "pantograph static public key 1\n" + String(repeating: "0", count: 64)
        #expect(throws: KeyTextError.notAKey) { try StaticPublicKey(text: zero) }
    }

    @Test func keysSayNothingOfThemselves() {
        let (key, pair) = (Fixtures.key(4), Fixtures.statics(4))
        let channel = InitiatingChannel(
            to: Fixtures.receiver,
            credentials: .statics(own: pair, peer: pair.publicKey, shared: key),
            terms: Fixtures.terms(), random: SplitMix64(seed: 1), at: .zero)
        var dumped = "\(channel) \(key) \(pair)"
        dump(channel, to: &dumped)
        dump(key, to: &dumped)
        dump(pair, to: &dumped)
        for text in [key.text, pair.text] {
            let digits = text.split(separator: "\n")[1]
            #expect(!dumped.contains(digits))
            // As a list of decimal bytes, which is how an array would say it.
            let bytes = stride(from: 0, to: 16, by: 2).compactMap { index in
                UInt8(digits.dropFirst(index).prefix(2), radix: 16)
            }
            #expect(!dumped.contains("\(bytes)".dropFirst().dropLast()))
        }
    }
}
