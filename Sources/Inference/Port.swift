/// An input or output of a model.
public struct Port: Hashable, Sendable {
    /// The name, as in the model's file.
    public let name: String
    /// The size of each dimension; `nil` where it is chosen for each run.
    public let shape: [Int?]

    /// Describes an input or output.
    public init(name: String, shape: [Int?]) {
        self.name = name
        self.shape = shape
    }

    /// Whether a tensor of these dimensions fits.
    public func accepts(_ dimensions: [Int]) -> Bool {
        dimensions.count == shape.count
            && zip(dimensions, shape).allSatisfy { $0 > 0 && ($1 == nil || $0 == $1) }
    }

    /// The elements of one entry along the first dimension; `nil` where a later one is not fixed.
    public var elementsPerEntry: Int? {
        var count = 1
        for size in shape.dropFirst() {
            guard let size else { return nil }
            count *= size
        }
        return count
    }
}
