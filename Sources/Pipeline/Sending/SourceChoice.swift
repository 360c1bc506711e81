public import VideoCoding

/// How a sender chooses sources, and what it needs for it: a network beside the one that the call runs.
public struct SourceChoice {
    /// What decides.
    public var policy: SourcePolicy
    let coder: SourceCoder
    let rehearsal: Rehearsal?
    /// What is done where warping fails; nothing where it goes on.
    public var fallback: FallbackChoice?

    /// Puts a choice together.
    ///
    /// - Parameters:
    ///   - coder: codes sources, with a detector that nobody else uses.
    ///   - rehearsal: the receiver's network; nothing where the policy does not ask what is shown.
    public init(_ policy: SourcePolicy, coder: SourceCoder, rehearsal: Rehearsal?) {
        self.policy = policy
        self.coder = coder
        self.rehearsal = rehearsal
    }
}
