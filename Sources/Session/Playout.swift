/// What the receiver does with time.
public enum Playout: Hashable, Sendable {
    /// For a person who watches: little delay; a backlog is left out.
    case live
    /// For a file: every picture that arrives is kept, whatever the delay.
    case recording

    /// How long after the arrival of the first pictures they are due: time for late ones to catch up.
    var startingDelay: Duration {
        switch self {
        case .live: .milliseconds(80)
        case .recording: .milliseconds(500)
        }
    }

    /// How long after the arrival of all but the latest pictures the others are due, once it is known how late
    /// they come.
    var margin: Duration {
        switch self {
        case .live: .milliseconds(15)
        case .recording: .milliseconds(500)
        }
    }

    /// How many pictures may wait at the start before the older ones are left out.
    var largestStartingBacklog: Int {
        switch self {
        case .live: 10
        case .recording: JitterBuffer.largestLead
        }
    }
}
