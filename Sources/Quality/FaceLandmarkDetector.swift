public import Inference
public import Media

/// Finds the eyes, the nose and the corners of the mouth of the best face in a picture, by MTCNN.
///
/// The same as `Training/landmarks.py`. Not for several threads at once.
public final class FaceLandmarkDetector {
    /// The least side of a face that is looked for, in pixels.
    private static let smallestFace = 56.0
    /// The side of a face that P-Net sees as one place, and how far apart places are.
    private static let cell = 12.0, stride = 2
    /// From one size of the picture to the next, MTCNN's.
    private static let shrinking = 0.709
    /// What a network must be sure of to pass a box on.
    private static let proposed = 0.6, refined = 0.6, located = 0.7
    private static let overlap = 0.6
    private static let largestBoxCount = 12

    private let proposing: Model
    private let refining: Request
    private let locating: Request
    private let small: TensorBuffer
    private let large: TensorBuffer
    /// A change of shape costs more than the network: one request for each size of picture.
    private var proposals: [[Int]: (request: Request, buffer: TensorBuffer)] = [:]

    /// Loads the weights (`pnet.*`, `rnet.*`, `onet.*`) from a safetensors file.
    ///
    /// - Throws: ``QualityError/unreadable(path:)``, ``QualityError/malformed(path:reason:)``,
    ///   ``QualityError/tensor(path:name:)``, ``QualityError/inference(_:)``.
    public init(weights path: String, engine: Engine) throws(QualityError) {
        let weights = try Safetensors(path: path)
        let count = Self.largestBoxCount
        let graphs = try [
            MTCNNGraphs.proposing(weights), MTCNNGraphs.refining(weights, count: count),
            MTCNNGraphs.locating(weights, count: count),
        ]
        do throws(InferenceError) {
            var models = [Model]()
            for graph in graphs {
                models.append(
                    try engine.model(
                        onnx: graph.serialized(), name: "MTCNN",
                        options: Model.Options(threads: 1, precision: .float32)))
            }
            proposing = models[0]
            refining = try models[1].makeRequest()
            locating = try models[2].makeRequest()
            small = try TensorBuffer(count: count * 3 * 24 * 24)
            large = try TensorBuffer(count: count * 3 * 48 * 48)
            try refining.bind(small, shape: [count, 3, 24, 24], to: MTCNNGraphs.input)
            try locating.bind(large, shape: [count, 3, 48, 48], to: MTCNNGraphs.input)
        } catch {
            throw .inference(error)
        }
    }

    /// The landmarks of the best face; nothing where none is found.
    ///
    /// - Throws: ``QualityError/inference(_:)``.
    public func landmarks(in image: RGBImage) throws(QualityError) -> FaceLandmarks? {
        do throws(InferenceError) {
            let picture = NormalizedPicture(image)
            let half = picture.resized(
                width: max(1, image.width / 2), height: max(1, image.height / 2))
            let boxes = try refine(try propose(picture), picture, half)
            return try locate(boxes, picture, half)
        } catch {
            throw .inference(error)
        }
    }

    private func propose(_ picture: NormalizedPicture) throws(InferenceError) -> [FaceBox] {
        var found = [FaceBox]()
        var scale = Self.cell / Self.smallestFace
        while Double(min(picture.width, picture.height)) * scale >= Self.cell {
            func scaled(_ side: Int) -> Int {
                Int((Double(side) * scale).rounded(.toNearestOrEven))
            }
            let small = picture.resized(
                width: scaled(picture.width), height: scaled(picture.height))
            let (request, buffer) = try proposal(width: small.width, height: small.height)
            buffer.write(small.values.span)
            try request.run()
            let scores = try copy(MTCNNGraphs.scores, of: request)
            let moves = try copy(MTCNNGraphs.moves, of: request)
            found += Self.boxes(scores, moves, scale: scale)
            scale *= Self.shrinking
        }
        return FaceBox.best(of: found, overlap: Self.overlap, count: Self.largestBoxCount)
            .map(\.squared)
    }

    private func proposal(
        width: Int, height: Int
    ) throws(InferenceError) -> (Request, TensorBuffer) {
        if let (request, buffer) = proposals[[width, height]] { return (request, buffer) }
        let request = try proposing.makeRequest()
        let buffer = try TensorBuffer(count: 3 * width * height)
        try request.bind(buffer, shape: [1, 3, height, width], to: MTCNNGraphs.input)
        proposals[[width, height]] = (request, buffer)
        return (request, buffer)
    }

    /// The boxes of one size of the picture, in pixels of the whole one.
    private static func boxes(
        _ scores: (shape: [Int], values: [Float]), _ moves: (shape: [Int], values: [Float]),
        scale: Double
    ) -> [FaceBox] {
        guard scores.shape.count == 4 else { return [] }
        let (rows, columns) = (scores.shape[2], scores.shape[3])
        let count = rows * columns
        return (0..<count).compactMap { place in
            let score = Double(scores.values[count + place])
            guard score > proposed else { return nil }
            let x = Double(place % columns * stride)
            let y = Double(place / columns * stride)
            let box = FaceBox(
                left: (x + 1) / scale, top: (y + 1) / scale, right: (x + cell) / scale,
                bottom: (y + cell) / scale, score: score)
            let corrections = (0..<4).map { Double(moves.values[$0 * count + place]) }
            return box.moved(by: corrections, side: cell / scale)
        }
    }

    private func refine(
        _ boxes: [FaceBox], _ picture: NormalizedPicture, _ half: NormalizedPicture
    ) throws(InferenceError) -> [FaceBox] {
        guard !boxes.isEmpty else { return [] }
        write(boxes, picture, half, side: 24, to: small)
        try refining.run()
        let scores = try copy(MTCNNGraphs.scores, of: refining).values
        let moves = try copy(MTCNNGraphs.moves, of: refining).values
        return boxes.enumerated().compactMap { index, box in
            guard Double(scores[2 * index + 1]) > Self.refined else { return nil }
            let corrections = (0..<4).map { Double(moves[4 * index + $0]) }
            return box.moved(by: corrections, side: box.width).squared
        }
    }

    private func locate(
        _ boxes: [FaceBox], _ picture: NormalizedPicture, _ half: NormalizedPicture
    ) throws(InferenceError) -> FaceLandmarks? {
        guard !boxes.isEmpty else { return nil }
        write(boxes, picture, half, side: 48, to: large)
        try locating.run()
        let scores = try copy(MTCNNGraphs.scores, of: locating).values
        let points = try copy(MTCNNGraphs.points, of: locating).values
        let best = boxes.indices.filter { Double(scores[2 * $0 + 1]) > Self.located }
            .max { first, second in
                Double(scores[2 * first + 1]) * boxes[first].width
                    < Double(scores[2 * second + 1]) * boxes[second].width
            }
        guard let best else { return nil }
        let box = boxes[best]
        return FaceLandmarks(
            (0..<5).map { index in
                FaceLandmarks.Point(
                    x: box.left + Double(points[10 * best + index]) * box.width,
                    y: box.top + Double(points[10 * best + 5 + index]) * box.height)
            })
    }

    /// Cuts boxes out; from a picture of half the size where they shrink by much, against aliasing.
    private func write(
        _ boxes: [FaceBox], _ picture: NormalizedPicture, _ half: NormalizedPicture, side: Int,
        to buffer: TensorBuffer
    ) {
        for (index, box) in boxes.prefix(Self.largestBoxCount).enumerated() {
            let isLarge = box.width > 1.5 * Double(side)
            let crop = (isLarge ? half : picture).crop(box, side: side, scale: isLarge ? 2 : 1)
            buffer.write(crop.span, at: index * 3 * side * side)
        }
    }

    private func copy(
        _ output: String, of request: Request
    ) throws(InferenceError) -> (shape: [Int], values: [Float]) {
        try request.withOutput(output) { shape, elements in
            (shape, elements.indices.map { elements[$0] })
        }
    }
}
