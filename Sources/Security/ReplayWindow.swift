/// Which of the last packet numbers have arrived: a ring of bits (RFC 6479).
struct ReplayWindow: Sendable {
    private static let wordBits: UInt64 = 64
    /// One word more than the window: the newest word may be only begun.
    private static let wordCount = SecurityConstants.replayWindow / wordBits + 1

    private var largest: UInt64?
    private var words = [UInt64](repeating: 0, count: Int(wordCount))

    /// Whether the number has not arrived, and is not too old to tell.
    func isNew(_ number: UInt64) -> Bool {
        guard let largest, number <= largest else { return true }
        guard largest - number < SecurityConstants.replayWindow else { return false }
        return words[place(of: number)] & bit(of: number) == 0
    }

    /// Takes in a number that ``isNew(_:)`` has let through.
    mutating func insert(_ number: UInt64) {
        if let largest, number > largest {
            let first = largest / Self.wordBits + 1
            let last = number / Self.wordBits
            // Words in between hold bits of numbers that the window has left.
            if first <= last {
                for word in first...min(last, first + Self.wordCount - 1) {
                    words[Int(word % Self.wordCount)] = 0
                }
            }
        }
        largest = max(largest ?? 0, number)
        words[place(of: number)] |= bit(of: number)
    }

    private func place(of number: UInt64) -> Int {
        Int(number / Self.wordBits % Self.wordCount)
    }

    private func bit(of number: UInt64) -> UInt64 { 1 << (number % Self.wordBits) }
}
