/// The inverse of a square matrix, row by row (Gauss–Jordan with pivots), or nothing where it has
/// none.
func inverse(_ matrix: [Double], size: Int) -> [Double]? {
    let largest = matrix.reduce(0) { max($0, abs($1)) }
    var left = matrix
    var right = [Double](repeating: 0, count: size * size)
    for index in 0..<size { right[index * size + index] = 1 }
    for column in 0..<size {
        var pivot = column
        for row in column..<size
        where abs(left[row * size + column]) > abs(left[pivot * size + column]) {
            pivot = row
        }
        let divisor = left[pivot * size + column]
        guard abs(divisor) > 1e-9 * largest else { return nil }
        for index in 0..<size {
            left.swapAt(column * size + index, pivot * size + index)
            right.swapAt(column * size + index, pivot * size + index)
        }
        for index in 0..<size {
            left[column * size + index] /= divisor
            right[column * size + index] /= divisor
        }
        for row in 0..<size where row != column {
            let factor = left[row * size + column]
            guard factor != 0 else { continue }
            for index in 0..<size {
                left[row * size + index] -= factor * left[column * size + index]
                right[row * size + index] -= factor * right[column * size + index]
            }
        }
    }
    return right
}
