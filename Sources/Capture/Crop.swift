/// A square of the input's picture, in pixels of the picture as displayed.
public struct Crop: Hashable, Sendable {
    /// Pixels left of the square.
    public var x: Int
    /// Pixels above the square.
    public var y: Int
    /// Pixels along each side, positive.
    public var side: Int

    /// Names a square; whether it lies within the picture is known once the picture is.
    public init(x: Int, y: Int, side: Int) {
        self.x = x
        self.y = y
        self.side = side
    }

    /// Reads `x,y,side`, as on a command line; nothing where it is not three whole numbers, the
    /// first two not negative, the third positive.
    public init?(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.count == 3, let x = numbers[0], let y = numbers[1], let side = numbers[2],
            x >= 0, y >= 0, side > 0
        else { return nil }
        self.init(x: x, y: y, side: side)
    }
}

extension Crop: CustomStringConvertible {
    public var description: String { "\(x),\(y),\(side)" }
}
