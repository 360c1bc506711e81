/// How a picture's luma rises at each place, in levels a pixel.
struct GradientField: Sendable {
    private let width: Int
    private let height: Int
    private let across: [Float]
    private let down: [Float]

    /// Detail below this many levels a pixel is taken for noise.
    private static let noise: Float = 2
    /// Detail is averaged over squares of twice this many pixels and one.
    private static let reach = 2

    /// The gradients of a plane; nothing where it has fewer than three rows or columns.
    init?(_ plane: LumaPlane) {
        guard plane.width > 2, plane.height > 2 else { return nil }
        width = plane.width
        height = plane.height
        var across = [Float](repeating: 0, count: width * height)
        var down = across
        for row in 1..<height - 1 {
            for column in 1..<width - 1 {
                let place = row * width + column
                across[place] = (plane.values[place + 1] - plane.values[place - 1]) / 2
                down[place] = (plane.values[place + width] - plane.values[place - width]) / 2
            }
        }
        self.across = across
        self.down = down
    }

    /// The mean length.
    var strength: Double {
        var sum = 0.0
        for place in across.indices {
            sum += Double(
                (across[place] * across[place] + down[place] * down[place]).squareRoot())
        }
        return sum / Double(across.count)
    }

    /// How the detail around each place differs, means over the picture: in strength (texture, 0…1), and
    /// in what of it does not coincide (structure, 0…2); the other field has the same size.
    func difference(from other: GradientField) -> (texture: Double, structure: Double) {
        let own = averaged(squares)
        let others = averaged(other.squares)
        var errors = [Float](repeating: 0, count: across.count)
        for place in across.indices {
            let x = across[place] - other.across[place]
            let y = down[place] - other.down[place]
            errors[place] = x * x + y * y
        }
        errors = averaged(errors)
        var (texture, structure) = (0.0, 0.0)
        for place in errors.indices {
            let energy = own[place] + others[place] + Self.noise * Self.noise
            let strength = own[place].squareRoot() - others[place].squareRoot()
            texture += Double(strength * strength / energy)
            structure += Double(errors[place] / energy)
        }
        let count = Double(errors.count)
        return (texture / count, structure / count)
    }

    private var squares: [Float] {
        across.indices.map { across[$0] * across[$0] + down[$0] * down[$0] }
    }

    /// Means over squares; outside of the picture there is nothing.
    private func averaged(_ values: [Float]) -> [Float] {
        let area = Float((2 * Self.reach + 1) * (2 * Self.reach + 1))
        var narrow = [Float](repeating: 0, count: values.count)
        for row in 0..<height {
            for column in 0..<width {
                let first = max(0, column - Self.reach)
                let last = min(width - 1, column + Self.reach)
                var sum: Float = 0
                for place in row * width + first...row * width + last { sum += values[place] }
                narrow[row * width + column] = sum
            }
        }
        var result = [Float](repeating: 0, count: values.count)
        for row in 0..<height {
            let rows = max(0, row - Self.reach)...min(height - 1, row + Self.reach)
            for column in 0..<width {
                var sum: Float = 0
                for other in rows { sum += narrow[other * width + column] }
                result[row * width + column] = sum / area
            }
        }
        return result
    }
}
