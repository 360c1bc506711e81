public import Media

/// Sees that the camera shows something else all at once, from each picture's own luma: cheap enough for each.
///
/// Between two pictures of one scene the means of a picture's 256 blocks differ by some levels, across a cut by
/// tens: over 18 held-out clips 9.7 at most, and 16 and more in 19 of 20 pairs of clips. A change of the
/// exposure moves all blocks alike and does not count.
public struct SceneChange: Sendable {
    private var before: [Double] = []
    /// Those of the picture that was looked at last.
    private var marked: [Double] = []
    /// What the latest pictures changed by, most of it the last.
    private var usual = 0.0

    /// From this mean difference on, in levels.
    private static let least = 12.0
    /// And from so many times what the latest pictures changed by: a hand that is waved is no cut.
    private static let jump = 3.0
    private static let blocks = 16

    /// Starts without a picture.
    public init() {}

    /// Takes in the next picture.
    ///
    /// - Returns: whether it begins another scene.
    public mutating func take(_ frame: VideoFrame) -> Bool {
        let means = Self.means(frame)
        defer { before = means }
        guard before.count == means.count else { return false }
        let change = Self.change(from: before, to: means)
        defer { usual += (change - usual) / 4 }
        return change >= Self.least && change >= Self.jump * usual
    }

    /// Remembers the latest picture, for ``drift`` to be counted from.
    public mutating func mark() { marked = before }

    /// How far the latest picture is from the one that was marked, in levels; nothing where none was. Of 18 held-out
    /// clips it is 3 in half a second (median), and more than 8 in a tenth of the time; a hand that comes before the
    /// face makes it 5 within four or five pictures.
    public var drift: Double? {
        guard !before.isEmpty, before.count == marked.count else { return nil }
        return Self.change(from: marked, to: before)
    }

    /// The mean difference of blocks beyond the one that most of them have.
    private static func change(from before: [Double], to after: [Double]) -> Double {
        let differences = zip(after, before).map { $0 - $1 }
        let middle = differences.sorted()[differences.count / 2]
        return differences.reduce(0) { $0 + abs($1 - middle) } / Double(differences.count)
    }

    /// The mean luma of each block, from a quarter of its samples.
    private static func means(_ frame: VideoFrame) -> [Double] {
        let (width, height) = (frame.size.width, frame.size.height)
        guard width >= 2 * blocks, height >= 2 * blocks else { return [] }
        var sums = [Int](repeating: 0, count: blocks * blocks)
        var counts = sums
        for row in stride(from: 0, to: height, by: 2) {
            let first = row * blocks / height * blocks
            for column in stride(from: 0, to: width, by: 2) {
                let block = first + column * blocks / width
                sums[block] += Int(frame.y[row * width + column])
                counts[block] += 1
            }
        }
        return zip(sums, counts).map { Double($0) / Double(max(1, $1)) }
    }
}
