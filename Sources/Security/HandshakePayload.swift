/// What a question or an answer carries, sealed: a status and the terms of its end.
struct HandshakePayload: Hashable {
    /// Nothing in a question and in an answer that takes the call.
    let refusal: HandshakeRefusal?
    let terms: HandshakeTerms

    var bytes: [UInt8] { [refusal?.rawValue ?? 0] + terms.bytes }

    init(terms: HandshakeTerms, refusal: HandshakeRefusal? = nil) {
        self.refusal = refusal
        self.terms = terms
    }

    /// Reads a payload; bytes after the terms are for later versions and are ignored.
    init?(_ bytes: [UInt8]) {
        guard let status = bytes.first, let terms = HandshakeTerms(bytes.dropFirst()) else {
            return nil
        }
        self.terms = terms
        if status == 0 {
            refusal = nil
        } else if let refusal = HandshakeRefusal(rawValue: status) {
            self.refusal = refusal
        } else {
            return nil
        }
    }
}
