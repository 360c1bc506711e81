/// Makes keypoints coarser while pictures have to be left out to keep the promised rate, and finer again
/// when there was room for a while.
public struct StepGovernor: Sendable {
    /// The step's number, 0 (finest) … 15.
    public private(set) var step: Int
    private let usual: Int
    private var dropped = 0
    private var quiet = 0

    /// So many looks without a loss make keypoints finer again.
    private static let patience = 5
    private static let coarsest = 15

    /// Starts with a step, which is also the finest that it comes back to.
    public init(_ step: Int) {
        usual = step
        self.step = step
    }

    /// Looks, about once a second, at how many pictures were left out so far.
    public mutating func take(droppedPictures: Int) {
        if droppedPictures > dropped {
            step = min(step + 1, max(Self.coarsest, usual))
            quiet = 0
        } else {
            quiet += 1
            if quiet >= Self.patience, step > usual {
                step -= 1
                quiet = 0
            }
        }
        dropped = droppedPictures
    }
}
