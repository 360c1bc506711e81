/// Which questions an end has the room to answer at present: answers keep to the promised rate, too.
public enum AnswerRoom: Hashable, Sendable {
    /// None: a question is as if it had not come, and costs no work.
    case none
    /// Those that were not answered before.
    case first
    /// Those as well that come again.
    case all
}
