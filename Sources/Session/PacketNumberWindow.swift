/// Which packet numbers have arrived, over a sliding window (RFC 4303, section 3.4.3).
struct PacketNumberWindow: Sendable {
    private(set) var largest: UInt64?
    /// How many different numbers have arrived.
    private(set) var count: UInt64 = 0
    /// Bit i: `largest` − i has arrived.
    private var seen: UInt64 = 0

    /// How many numbers up to the largest one have not arrived.
    var missing: Int { largest.map { Int($0 + 1 - count) } ?? 0 }

    /// Takes in a number.
    ///
    /// - Returns: false where it has arrived before or is too old to tell.
    mutating func insert(_ number: UInt64) -> Bool {
        guard let largest else {
            self.largest = number
            seen = 1
            count = 1
            return true
        }
        if number > largest {
            let ahead = number - largest
            seen = ahead >= 64 ? 1 : seen << ahead | 1
            self.largest = number
        } else {
            let behind = largest - number
            guard behind < 64, seen >> behind & 1 == 0 else { return false }
            seen |= 1 << behind
        }
        count += 1
        return true
    }
}
