/// Five points of a face.
public struct FaceLandmarks: Hashable, Sendable {
    /// A place in a picture, in pixels from its upper left corner.
    public struct Point: Hashable, Sendable {
        /// To the right.
        public let x: Double
        /// Down.
        public let y: Double

        /// A place.
        public init(x: Double, y: Double) {
            self.x = x
            self.y = y
        }

        func distance(to other: Point) -> Double {
            let x = x - other.x
            let y = y - other.y
            return (x * x + y * y).squareRoot()
        }

        func middle(to other: Point) -> Point {
            Point(x: (x + other.x) / 2, y: (y + other.y) / 2)
        }
    }

    /// The eye and the corner of the mouth that are left in the picture, and the right ones.
    public let leftEye, rightEye, nose, leftMouth, rightMouth: Point

    /// Five points in the order of MTCNN: eyes, nose, corners of the mouth.
    init?(_ points: [Point]) {
        guard points.count == 5 else { return nil }
        (leftEye, rightEye, nose) = (points[0], points[1], points[2])
        (leftMouth, rightMouth) = (points[3], points[4])
    }

    /// Makes landmarks of known places.
    public init(
        leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point
    ) {
        self.leftEye = leftEye
        self.rightEye = rightEye
        self.nose = nose
        self.leftMouth = leftMouth
        self.rightMouth = rightMouth
    }

    /// The points in MTCNN's order.
    public var points: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }

    /// The mean distance of the points of two faces, in pixels: for the average keypoint distance
    /// (AKD; Siarohin et al., *First Order Motion Model for Image Animation*, NeurIPS 2019).
    public func distance(to other: FaceLandmarks) -> Double {
        zip(points, other.points).map { $0.distance(to: $1) }.reduce(0, +) / 5
    }

    /// Between eyes and mouth.
    var middle: Point { leftEye.middle(to: rightEye).middle(to: leftMouth.middle(to: rightMouth)) }

    /// From the eyes to the mouth; from the distance of the eyes where the face looks up or down.
    var length: Double {
        let eyes = leftEye.middle(to: rightEye)
        return max(
            eyes.distance(to: leftMouth.middle(to: rightMouth)),
            0.9 * leftEye.distance(to: rightEye))
    }
}
