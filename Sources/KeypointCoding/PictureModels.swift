/// The contexts of one unit, and how a picture is coded with them (`Protocol/keypoints.md`, section 6).
struct PictureModels {
    /// The contexts for a picture's values, by what they are predicted from.
    private struct Models {
        var shift, location, strength: ResidualModel
    }

    private var first: Models
    private var next: Models

    init(_ start: StartingStatistics = .standard) {
        first = Models(
            shift: ResidualModel(start.firstShift), location: ResidualModel(start.firstLocation),
            strength: ResidualModel(start.firstStrength))
        next = Models(
            shift: ResidualModel(start.nextShift), location: ResidualModel(start.nextLocation),
            strength: ResidualModel(start.nextStrength))
    }

    /// Codes a picture and returns what the decoder will make of it: keypoints of strength zero keep
    /// the location they are predicted from.
    mutating func encode(
        _ picture: QuantizedKeypoints, from before: QuantizedKeypoints, isFirst: Bool,
        with coder: inout RangeEncoder
    ) -> QuantizedKeypoints {
        var models = isFirst ? first : next
        var decoded = before
        decoded.strength = picture.strength
        for index in picture.strength.indices {
            models.strength.encode(
                Int(picture.strength[index]) - Int(before.strength[index]), with: &coder)
        }
        for axis in [\QuantizedKeypoints.x, \QuantizedKeypoints.y] {
            let moves = picture.movedIndices.map {
                Int(picture[keyPath: axis][$0]) - Int(before[keyPath: axis][$0])
            }
            let shift = Self.roundedMean(moves)
            models.shift.encode(shift, with: &coder)
            for (index, move) in zip(picture.movedIndices, moves) {
                models.location.encode(move - shift, with: &coder)
                decoded[keyPath: axis][index] = picture[keyPath: axis][index]
            }
        }
        if isFirst { first = models } else { next = models }
        return decoded
    }

    mutating func decode(
        from before: QuantizedKeypoints, isFirst: Bool, with coder: inout RangeDecoder
    ) throws(KeypointCodingError) -> QuantizedKeypoints {
        var models = isFirst ? first : next
        var picture = before
        for index in picture.strength.indices {
            let strength = Int(before.strength[index]) + models.strength.decode(with: &coder)
            guard (0...QuantizerStep.largestStrength).contains(strength) else {
                throw .valueOutOfRange
            }
            picture.strength[index] = Int16(strength)
        }
        for axis in [\QuantizedKeypoints.x, \QuantizedKeypoints.y] {
            let shift = models.shift.decode(with: &coder)
            for index in picture.movedIndices {
                let move = shift + models.location.decode(with: &coder)
                let coordinate = Int(before[keyPath: axis][index]) + move
                guard (0...before.step.largestCoordinate).contains(coordinate) else {
                    throw .valueOutOfRange
                }
                picture[keyPath: axis][index] = Int16(coordinate)
            }
        }
        if isFirst { first = models } else { next = models }
        return picture
    }

    /// The mean, rounded to the nearest whole number, halves away from zero; 0 of nothing.
    private static func roundedMean(_ values: [Int]) -> Int {
        guard !values.isEmpty else { return 0 }
        let sum = values.reduce(0, +)
        let half = values.count / 2
        return (sum + (sum < 0 ? -half : half)) / values.count
    }
}

extension QuantizedKeypoints {
    /// The keypoints whose location is sent: those of strength zero have none and keep the one they are predicted from.
    var movedIndices: [Int] { strength.indices.filter { strength[$0] > 0 } }
}
