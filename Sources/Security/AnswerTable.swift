import Media

/// The questions that a responder has answered, bounded: what it sent, and the keys that wait for use.
struct AnswerTable: Sendable {
    struct Entry: Sendable {
        let ephemeral: [UInt8]
        /// All of it: what only begins alike was made up by somebody who has seen it.
        let question: [UInt8]
        let answer: [UInt8]
        /// Nothing where the answer was a refusal.
        var connection: SecureConnection?
        let made: Instant
        /// How often it may go out once more.
        var repetitionsLeft = SecurityConstants.answersToAQuestion - 1
    }

    private(set) var entries: [Entry] = []
    /// The ephemeral keys of authentic questions, oldest first from `oldest` on once the ring is full.
    private var ring: [[UInt8]] = []
    private var oldest = 0
    private var remembered: Set<[UInt8]> = []

    /// Whether the question with this ephemeral key was authentic and has come before.
    func isKnown(_ ephemeral: [UInt8]) -> Bool { remembered.contains(ephemeral) }

    /// What was answered to it, to be sent once more; nothing where that is past, or was sent often enough.
    mutating func takeRepetition(of question: [UInt8]) -> [UInt8]? {
        guard let index = entries.firstIndex(where: { $0.question == question }),
            entries[index].repetitionsLeft > 0
        else { return nil }
        entries[index].repetitionsLeft -= 1
        return entries[index].answer
    }

    /// Makes room for an answer.
    ///
    /// - Returns: false where all that are kept are younger than `kept` and not refusals.
    mutating func makeRoom(keeping kept: Duration, at now: Instant) -> Bool {
        guard entries.count >= SecurityConstants.openAnswers else { return true }
        let place =
            entries.firstIndex { $0.connection == nil }
            ?? entries.firstIndex { now.since($0.made) >= kept }
        guard let place else { return false }
        entries.remove(at: place)
        return true
    }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        if ring.count < SecurityConstants.rememberedQuestions {
            ring.append(entry.ephemeral)
        } else {
            remembered.remove(ring[oldest])
            ring[oldest] = entry.ephemeral
            oldest = (oldest + 1) % ring.count
        }
        remembered.insert(entry.ephemeral)
    }

    mutating func update(_ connection: SecureConnection, at index: Int) {
        entries[index].connection = connection
    }

    /// Forgets all answers, but not the questions.
    mutating func removeAnswers() { entries = [] }

    mutating func removeAnswers(olderThan age: Duration, at now: Instant) {
        entries.removeAll { now.since($0.made) >= age }
    }

    /// When the next answer is to be forgotten.
    func nextExpiry(after age: Duration) -> Instant? {
        entries.first?.made.advanced(by: age)
    }
}
