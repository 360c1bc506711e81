import Crypto
import Media
import Security
import Testing

@Suite struct SealingTests {
    private let secret = SymmetricKey(data: [UInt8](repeating: 9, count: 32))

    private func pair() -> (DatagramSealer, DatagramOpener) {
        (DatagramSealer(secret: secret), DatagramOpener(secret: secret))
    }

    @Test func elevenBytesAreAdded() throws {
        var (sealer, _) = pair()
        #expect(try sealer.seal([1, 2, 3], 0).count == 3 + SecurityConstants.overhead)
        #expect(SecurityConstants.overhead == 11)
    }

    @Test func anyOrderOpensOnce() throws {
        var (sealer, opener) = pair()
        let datagrams = try (0..<200).map { try sealer.seal([UInt8($0)], UInt64($0)) }
        var random = SplitMix64(seed: 5)
        for index in datagrams.indices.shuffled(using: &random) {
            let opened = try opener.open(datagrams[index])
            #expect(opened.packetNumber == UInt64(index) && opened.payload == [UInt8(index)])
        }
        for datagram in datagrams {
            #expect(throws: DatagramOpener.Failure.replayed) { try opener.open(datagram) }
        }
    }

    @Test func olderThanTheWindowIsTooOld() throws {
        var (sealer, opener) = pair()
        let datagrams = try (0..<1100).map { try sealer.seal([1], UInt64($0)) }
        _ = try opener.open(datagrams[1099])
        #expect(throws: DatagramOpener.Failure.replayed) { try opener.open(datagrams[75]) }
        #expect(try opener.open(datagrams[76]).packetNumber == 76)
    }

    @Test func everyFlippedBitAndEveryOtherLengthIsRefused() throws {
        var (sealer, opener) = pair()
        let datagram = try sealer.seal(Array("a datagram".utf8), 70_000)
        for bit in 0..<datagram.count * 8 {
            var changed = datagram
            changed[bit / 8] ^= 1 << (bit % 8)
            #expect(throws: DatagramOpener.Failure.self) { try opener.open(changed) }
        }
        for length in 0..<datagram.count {
            #expect(throws: DatagramOpener.Failure.self) {
                try opener.open(Array(datagram.prefix(length)))
            }
        }
        let longer = datagram + [0]
        #expect(throws: DatagramOpener.Failure.forged) { try opener.open(longer) }
        let oversized = [UInt8](repeating: 0xC3, count: 1201)
        #expect(throws: DatagramOpener.Failure.malformed) { try opener.open(oversized) }
        #expect(try opener.open(datagram).payload == Array("a datagram".utf8))
    }

    @Test func keysChangeWithTheEpochAndLateDatagramsStillOpen() throws {
        var (sealer, opener) = pair()
        let numbers: [UInt64] = [65_000, 65_535, 65_536, 65_600, 130_000, 131_072, 190_000]
        let datagrams = try numbers.map { try sealer.seal([1, 2, 3, 4], $0) }
        for index in [0, 2, 1, 3, 4, 5, 6] {
            #expect(try opener.open(datagrams[index]).packetNumber == numbers[index])
        }
        for (number, datagram) in zip(numbers, datagrams) {
            let sealed = Array(datagram.dropFirst(3))
            let epoch = Int(number / SecurityConstants.epochLength)
            for other in 0...3 {
                let expected = try sealedByHand([1, 2, 3, 4], number, epoch: other)
                // Under the keys of its own epoch, and of no other one: neither ciphertext nor tag.
                #expect((sealed == expected) == (other == epoch), "\(number) \(other)")
                #expect((sealed.prefix(4) == expected.prefix(4)) == (other == epoch))
                #expect((sealed.suffix(8) == expected.suffix(8)) == (other == epoch))
            }
        }
    }

    /// Ciphertext and tag under the keys of an epoch, after `Protocol/handshake.md`, section 4, with no code of the
    /// module.
    private func sealedByHand(
        _ payload: [UInt8], _ number: UInt64, epoch: Int
    ) throws -> [UInt8] {
        func expand(_ secret: SymmetricKey, _ label: String) -> SymmetricKey {
            HKDF<SHA256>.expand(
                pseudoRandomKey: secret, info: Array("pantograph 4 \(label)".utf8),
                outputByteCount: 32)
        }
        var secret = secret
        for _ in 0..<epoch { secret = expand(secret, "next") }
        let little = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        // RFC 8439 enciphers with ChaCha20 from block 1 on, as ours does.
        let box = try ChaChaPoly.seal(
            payload, using: expand(secret, "cipher"), nonce: .init(data: [0, 0, 0, 0] + little))
        let phase = UInt8(number >> 16 & 1)
        let header = [0xC4 | phase << 5, UInt8(number >> 8 & 255), UInt8(number & 255)]
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(little.reversed()) + header + Array(box.ciphertext),
            using: expand(secret, "tag"))
        return Array(box.ciphertext) + Array(code).prefix(8)
    }

    @Test func longOutagesDoNotConfuseTheNumber() throws {
        for gap in [1, 1000, 40_000, 65_000] as [UInt64] {
            var (sealer, opener) = pair()
            for number in stride(from: 0, to: 10 * gap, by: UInt64.Stride(gap)) {
                let datagram = try sealer.seal([1], number)
                #expect(try opener.open(datagram).packetNumber == number)
            }
        }
    }

    @Test func aNumberIsUsedOnce() throws {
        var (sealer, _) = pair()
        _ = try sealer.seal([1], 5)
        #expect(throws: SealingError.packetNumberNotNew(5, latest: 5)) { try sealer.seal([2], 5) }
        #expect(throws: SealingError.packetNumberNotNew(4, latest: 5)) { try sealer.seal([2], 4) }
        #expect(throws: SealingError.exhausted) { try sealer.seal([2], 1 << 32) }
        #expect(throws: SealingError.length(0)) { try sealer.seal([], 6) }
        let long = [UInt8](repeating: 0, count: 1190)
        #expect(throws: SealingError.length(1190)) { try sealer.seal(long, 6) }
    }

    @Test func theBudgetOfForgeriesEnds() throws {
        var (sealer, _) = pair()
        var opener = DatagramOpener(secret: secret, forgeryBudget: 3)
        for number in 0..<3 as Range<UInt64> {
            var forged = try sealer.seal([1], number)
            forged[forged.count - 1] ^= 1
            #expect(throws: DatagramOpener.Failure.forged) { try opener.open(forged) }
        }
        let authentic = try sealer.seal([1], 3)
        #expect(opener.isClosed)
        #expect(throws: DatagramOpener.Failure.closed) { try opener.open(authentic) }
    }

    @Test func randomBytesNeverOpen() {
        var (_, opener) = pair()
        var random = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            let length = Int.random(in: 0...80, using: &random)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            #expect(throws: DatagramOpener.Failure.self) { try opener.open(bytes) }
        }
    }
}
