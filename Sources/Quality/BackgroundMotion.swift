public import Media

/// How much the background of rebuilt pictures moves where that of the originals stands still.
///
/// By the rules of `Training/measures.py`. Still is what lies outside of head and shoulders in every
/// picture and changes its colours hardly at all over the clip.
public struct BackgroundMotion: Sendable {
    /// 8-bit levels: where no colour has a larger standard deviation over the clip, nothing moves.
    private static let still = 4.0
    /// The share of the picture that must stand still for its motion to be measured.
    private static let leastShare = 0.02
    /// Distance from the eyes to the mouth, in heights of a head (`Training/data/crop.py`).
    private static let eyesToMouth = 0.38

    /// Places of pixels that stand still.
    private let places: [Int]
    /// By how many levels they differ from each original to the next.
    private let trembling: [Double]

    /// Finds what stands still in the pictures of a clip; nothing without a face, or where next to
    /// nothing stands still.
    ///
    /// - Parameters:
    ///   - originals: pictures of one size.
    ///   - landmarks: those of each picture, nil where no face was found.
    public init?(originals: [RGBImage], landmarks: [FaceLandmarks?]) {
        guard let first = originals.first, originals.count == landmarks.count,
            originals.allSatisfy({ $0.pixels.count == first.pixels.count }),
            let person = PersonArea(landmarks, eyesToMouth: Self.eyesToMouth)
        else { return nil }
        let unchanging = Self.unchanging(originals)
        places = (0..<first.width * first.height).filter { place in
            unchanging[place]
                && !person.contains(
                    x: Double(place % first.width) + 0.5, y: Double(place / first.width) + 0.5)
        }
        guard Double(places.count) >= Self.leastShare * Double(first.width * first.height) else {
            return nil
        }
        trembling = zip(originals, originals.dropFirst()).map { [places] in
            Self.difference($0, $1, at: places)
        }
    }

    /// By how many 8-bit levels the background differs from one picture to the next, more than in
    /// the originals: for each picture, nothing for the first.
    ///
    /// Below 0 where the originals tremble and these do not.
    public func levels(_ pictures: [RGBImage]) -> [Double?] {
        let jumps = zip(pictures, pictures.dropFirst()).map {
            Self.difference($0, $1, at: places)
        }
        return [nil] + zip(jumps, trembling).map { $0 - $1 }
    }

    private static func difference(_ a: RGBImage, _ b: RGBImage, at places: [Int]) -> Double {
        guard !places.isEmpty, a.pixels.count == b.pixels.count else { return 0 }
        var sum = 0
        for place in places {
            for index in 3 * place..<3 * place + 3 {
                sum += abs(Int(a.pixels[index]) - Int(b.pixels[index]))
            }
        }
        return Double(sum) / Double(3 * places.count)
    }

    /// For each pixel, whether all its colours keep their value but for little.
    private static func unchanging(_ pictures: [RGBImage]) -> [Bool] {
        let count = pictures[0].pixels.count
        var sums = [Int](repeating: 0, count: count)
        var squares = sums
        for picture in pictures {
            for index in 0..<count {
                let value = Int(picture.pixels[index])
                sums[index] += value
                squares[index] += value * value
            }
        }
        let pictureCount = Double(pictures.count)
        return (0..<count / 3).map { place in
            (3 * place..<3 * place + 3).allSatisfy { index in
                let mean = Double(sums[index]) / pictureCount
                return Double(squares[index]) / pictureCount - mean * mean < still * still
            }
        }
    }
}

/// Where head and shoulders may be in any picture of a clip, generously: 1.2 heads wide from above
/// the hair, three below the chin.
private struct PersonArea {
    private let middles: [FaceLandmarks.Point]
    private let height: Double

    init?(_ landmarks: [FaceLandmarks?], eyesToMouth: Double) {
        let known = landmarks.compactMap(\.self)
        guard !known.isEmpty else { return nil }
        middles = known.map(\.middle)
        let lengths = known.map(\.length).sorted()
        // The mean of the two in the middle, as numpy's median.
        let median = (lengths[(lengths.count - 1) / 2] + lengths[lengths.count / 2]) / 2
        height = median / eyesToMouth
    }

    func contains(x: Double, y: Double) -> Bool {
        middles.contains { middle in
            let across = abs(x - middle.x)
            return (across < 0.6 * height && y > middle.y - 0.9 * height)
                || (across < 1.5 * height && y > middle.y + 0.4 * height)
        }
    }
}
