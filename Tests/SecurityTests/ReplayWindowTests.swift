import Crypto
import Media
import Security
import Testing

@Suite struct ReplayWindowTests {
    /// Random walks against a set that forgets nothing.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func agreesWithASet(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let secret = SymmetricKey(data: [UInt8](repeating: 9, count: 32))
        var opener = DatagramOpener(secret: secret)
        var seen: Set<UInt64> = []
        var largest: UInt64?
        var newest = UInt64.random(in: 0...70_000, using: &random)
        for _ in 0..<2000 {
            let jump = UInt64.random(in: 0...9, using: &random)
            newest += jump == 9 ? UInt64.random(in: 0...3000, using: &random) : jump % 3
            let number = newest - min(newest, UInt64.random(in: 0...1500, using: &random))
            // One sealer for each number: a sealer does not go back.
            var sealer = DatagramSealer(secret: secret)
            let datagram = try sealer.seal([1], number)
            let isNew = !seen.contains(number) && number + 1024 > (largest ?? 0)
            #expect((try? opener.open(datagram))?.packetNumber == (isNew ? number : nil))
            if isNew {
                seen.insert(number)
                largest = max(largest ?? 0, number)
            }
        }
    }
}
