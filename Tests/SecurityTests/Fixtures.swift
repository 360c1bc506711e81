import Media
import Security

/// Addresses, terms and keys that tests share.
enum Fixtures {
    static let sender = address(1)
    static let receiver = address(2)
    static let stranger = address(3)

    static func address(_ host: UInt8, port: UInt16 = 4000) -> NetworkAddress {
        guard let address = NetworkAddress(bytes: [192, 0, 2, host], port: port) else {
            preconditionFailure("four bytes are an address")
        }
        return address
    }

    static func terms(
        weights: UInt8 = 7, keypoints: UInt8 = 20, sources: UInt8 = 8, datagram: UInt16 = 1200
    ) -> HandshakeTerms {
        guard
            let terms = HandshakeTerms(
                weightsHash: [UInt8](repeating: weights, count: HandshakeTerms.hashLength),
                keypointCount: keypoints, sourceSetSize: sources, largestDatagram: datagram)
        else { preconditionFailure("32 bytes are a hash") }
        return terms
    }

    static func key(_ seed: UInt64) -> PreSharedKey {
        var random = SplitMix64(seed: seed)
        return PreSharedKey(using: &random)
    }

    static func statics(_ seed: UInt64) -> StaticKey {
        var random = SplitMix64(seed: seed)
        return StaticKey(using: &random)
    }
}
