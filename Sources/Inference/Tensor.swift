/// A block of 32-bit floats with its dimensions, as a value.
public struct Tensor: Hashable, Sendable {
    /// The size of each dimension, outermost first.
    public let shape: [Int]
    /// The elements in row-major order, as many as the dimensions' product.
    public let elements: [Float]

    /// Makes a tensor, or nothing where the element count is not the product of the dimensions.
    public init?(shape: [Int], elements: [Float]) {
        guard let count = elementCount(of: shape), count == elements.count else { return nil }
        self.shape = shape
        self.elements = elements
    }

    init(unchecked shape: [Int], _ elements: [Float]) {
        self.shape = shape
        self.elements = elements
    }
}

/// The product of the dimensions, or nothing where one is negative or it does not fit an `Int`.
func elementCount(of shape: [Int]) -> Int? {
    var count = 1
    for size in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard size >= 0, !overflow else { return nil }
        count = product
    }
    return count
}
