import Media

/// Keypoint units that wait for their pictures to be due, put in order and held within a bound.
struct JitterBuffer: Sendable {
    /// The furthest ahead of the next picture that a unit may lie: a minute at 25 pictures a second.
    static let largestLead = 1500

    private var units: [CodedKeypoints] = []

    /// Whether no unit waits.
    var isEmpty: Bool { units.isEmpty }

    /// The first picture that waits.
    var first: PictureNumber? { units.first?.firstPicture }

    /// The number after the last picture that waits.
    var end: PictureNumber? { units.last?.end }

    /// Puts a unit in its place.
    ///
    /// - Parameter next: the picture that is due next; nothing before playout has started, when a
    ///   call may be at any picture.
    /// - Returns: false where it lies too far from the others, overlaps another one, or is a copy.
    mutating func insert(_ unit: CodedKeypoints, next: PictureNumber?) -> Bool {
        var earliest = unit.firstPicture
        var latest = unit.firstPicture
        if let next {
            earliest = next
        } else if let first = units.first, let last = units.last {
            earliest = min(earliest, first.firstPicture)
            latest = max(latest, last.firstPicture)
        }
        guard latest.distance(from: earliest) <= Self.largestLead else { return false }
        let index = units.firstIndex { $0.firstPicture >= unit.firstPicture } ?? units.endIndex
        if index < units.endIndex, units[index].firstPicture < unit.end { return false }
        if index > 0, units[index - 1].end > unit.firstPicture { return false }
        units.insert(unit, at: index)
        return true
    }

    /// The unit that holds a picture.
    func unit(with picture: PictureNumber) -> CodedKeypoints? {
        units.first { $0.firstPicture <= picture && picture < $0.end }
    }

    /// Forgets all units that end at or before a picture.
    mutating func remove(before picture: PictureNumber) {
        units.removeAll { $0.end <= picture }
    }
}
