import KeypointCoding
import Media

/// Makes up keypoints for pictures whose own have not arrived, from those that were shown before and those
/// that are there already for later pictures.
struct Concealment: Sendable {
    private struct Shown: Sendable {
        let number: PictureNumber
        let values: [Double]
        let set: SourceSetNumber
    }

    /// What was shown last, be it made up.
    private var latest: Shown?
    /// The change from picture to picture, where the last two were there.
    private var velocity: [Double]?
    /// Pictures that were made up since the last one that was there.
    private var madeUp = 0

    /// Movement goes on for so many pictures, then it has come to rest: what a head does next, nobody
    /// knows for longer.
    private static let longest = 3
    /// Of the movement into a made-up picture, so much is left for the next one.
    private static let damping = 0.6
    /// A later picture within so many is aimed at.
    static let reach = 8

    /// The set that made-up pictures are rebuilt from; nothing before the first picture.
    var set: SourceSetNumber? { latest?.set }

    /// Takes in that a picture is shown as it was sent.
    mutating func show(_ number: PictureNumber, _ state: KeypointState, _ set: SourceSetNumber) {
        let values = state.values.map(Double.init)
        if let latest, madeUp == 0, number.distance(from: latest.number) == 1,
            latest.values.count == values.count
        {
            velocity = zip(values, latest.values).map { $0 - $1 }
        } else {
            velocity = nil
        }
        latest = Shown(number: number, values: values, set: set)
        madeUp = 0
    }

    /// Keypoints for a picture without its own.
    ///
    /// - Parameter later: the next picture that is there, within ``reach``.
    /// - Returns: nothing where the picture before had better be held.
    mutating func keypoints(
        for number: PictureNumber, later: (number: PictureNumber, state: KeypointState)?
    ) -> KeypointState? {
        guard let latest, number.distance(from: latest.number) == 1 else { return nil }
        var values = latest.values
        if let later, later.state.values.count == values.count {
            // The way to it is divided into equal steps.
            let steps = Double(later.number.distance(from: latest.number))
            guard steps >= 1 else { return nil }
            for index in values.indices {
                values[index] += (Double(later.state.values[index]) - values[index]) / steps
            }
        } else {
            guard let velocity, madeUp < Self.longest else {
                self.latest = Shown(number: number, values: values, set: latest.set)
                return nil
            }
            let damped = velocity.map { $0 * Self.damping }
            for index in values.indices { values[index] += damped[index] }
            self.velocity = damped
        }
        madeUp += 1
        self.latest = Shown(number: number, values: values, set: latest.set)
        return KeypointState(values: values.map { Int16(clamping: Int($0.rounded())) })
    }
}
