package import Media
import Quality

/// The pictures of a clip as they should be, and what is measured on them once.
package struct ClipTruth {
    /// Numbers of the pictures that are measured.
    package let numbers: [Int]
    private let frames: [VideoFrame]
    private let images: [RGBImage]
    private let features: [LPIPSFeatures.Features]
    private let faces: [FaceLandmarks?]
    private let background: BackgroundMotion?
    private let tools: MeasureTools

    /// Looks at each `every`-th picture.
    package init(_ pictures: [VideoFrame], every: Int, tools: MeasureTools) throws {
        self.tools = tools
        numbers = Array(stride(from: 0, to: pictures.count, by: every))
        frames = numbers.map { pictures[$0] }
        let images = frames.map { RGBImage($0) }
        self.images = images
        features =
            try tools.lpips.map { lpips in try images.map { try lpips.features(of: $0) } }
            ?? []
        faces = try images.map { try tools.landmarks?.landmarks(in: $0) }
        background = BackgroundMotion(originals: images, landmarks: faces)
    }

    /// What kind of clip it is: what the head does, and whether a background stands still; nothing without landmarks.
    package var kind: String? {
        guard tools.landmarks != nil else { return nil }
        let motion = HeadMotion(faces)
        guard motion != .noFace else { return motion.rawValue }
        return motion.rawValue + (hasStillBackground ? "" : ", no still background")
    }

    /// Whether a background stands still in it, so that its motion can be measured.
    package var hasStillBackground: Bool { background != nil }

    /// All measures but VMAF of pictures that should be ``numbers``.
    package func measure(_ shown: [VideoFrame]) throws -> [Measure: [Double?]] {
        var values = [Measure: [Double?]]()
        let rebuilt = shown.map { RGBImage($0) }
        for index in numbers.indices {
            func add(_ measure: Measure, _ value: Double?) {
                values[measure, default: []].append(value)
            }
            let distance = try PixelDistance(images[index], rebuilt[index])
            add(.psnr, min(100, distance.psnr))
            add(.l1, distance.meanAbsolute)
            add(.ssim, try StructuralSimilarity(images[index], rebuilt[index]).value)
            add(.msSSIM, try MultiScaleSimilarity(frames[index], shown[index]).value)
            if let lpips = tools.lpips {
                add(
                    .lpips,
                    try LPIPSFeatures.distance(
                        features[index], lpips.features(of: rebuilt[index])))
            }
            if let dists = tools.dists {
                add(.dists, try dists.distance(images[index], rebuilt[index]))
            }
            if let detector = tools.landmarks {
                let found = try detector.landmarks(in: rebuilt[index])
                add(.akd, faces[index].flatMap { face in found.map { face.distance(to: $0) } })
                add(.missingFace, faces[index].map { _ in found == nil ? 1 : 0 })
            }
        }
        if let background { values[.background] = background.levels(rebuilt) }
        return values
    }
}
