/// By how many quarter turns, clockwise, a stored picture is turned for display.
package enum Rotation: Int, Hashable {
    case none = 0
    case quarter = 1
    case half = 2
    case threeQuarters = 3

    /// The nearest quarter turn to an angle; none for what is no angle.
    package init(clockwiseDegrees degrees: Double) {
        guard degrees.isFinite else {
            self = .none
            return
        }
        let quarters = Int((degrees / 90).truncatingRemainder(dividingBy: 4).rounded())
        self = Rotation(rawValue: ((quarters % 4) + 4) % 4) ?? .none
    }

    /// Whether width and height change places.
    package var swapsSides: Bool { self == .quarter || self == .threeQuarters }

    /// Turns a plane of bytes of this width and height, as stored.
    package func turn(_ plane: [UInt8], width: Int, height: Int) -> [UInt8] {
        switch self {
        case .none: plane
        case .half: plane.reversed()
        case .quarter:
            (0..<plane.count).map { place in
                let (row, column) = place.quotientAndRemainder(dividingBy: height)
                return plane[(height - 1 - column) * width + row]
            }
        case .threeQuarters:
            (0..<plane.count).map { place in
                let (row, column) = place.quotientAndRemainder(dividingBy: height)
                return plane[column * width + width - 1 - row]
            }
        }
    }
}
