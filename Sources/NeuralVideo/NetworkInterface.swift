import Inference
import Media

/// What a network's inputs and outputs say about it, after checking that they are as expected.
struct NetworkInterface {
    /// The size of the pictures.
    let size: PictureSize
    /// How many keypoints there are.
    let keypointCount: Int

    /// Checks a detector: picture in, locations and strengths out.
    init(detector model: Model, file: String) throws(ModelError) {
        size = try pictureSize(model.inputs, file)
        keypointCount = try count(model.outputs, file)
    }

    /// Checks a source encoder: picture, locations and strengths in.
    init(sourceEncoder model: Model, file: String) throws(ModelError) {
        size = try pictureSize(model.inputs, file)
        keypointCount = try count(model.inputs, file)
    }

    /// The floats of one picture.
    var pictureElements: Int { size.width * size.height * 3 }
    /// The dimensions of one picture.
    var pictureShape: [Int] { [1, size.height, size.width, 3] }
}

/// The keypoint count of a network's `locations` and `strengths`.
func keypointCount(_ ports: [Port], _ file: String) throws(ModelError) -> Int {
    try count(ports, file)
}

private func find(_ name: String, _ ports: [Port], _ file: String) throws(ModelError) -> Port {
    guard let port = ports.first(where: { $0.name == name }) else {
        throw .wrongInterface(file: file, reason: "there is no \"\(name)\"")
    }
    return port
}

private func pictureSize(_ ports: [Port], _ file: String) throws(ModelError) -> PictureSize {
    let shape = try find(PortName.picture, ports, file).shape
    guard shape.count == 4, shape[0] == 1, shape[3] == 3, let height = shape[1],
        let width = shape[2], let size = PictureSize(width: width, height: height)
    else {
        throw .wrongInterface(file: file, reason: "\"picture\" is not 1 × height × width × 3")
    }
    return size
}

private func count(_ ports: [Port], _ file: String) throws(ModelError) -> Int {
    let locations = try find(PortName.locations, ports, file).shape
    let strengths = try find(PortName.strengths, ports, file).shape
    guard locations.count == 3, strengths.count == 2, locations[0] == 1, strengths[0] == 1,
        locations[2] == 2, let count = locations[1], count > 0, strengths[1] == count
    else {
        throw .wrongInterface(
            file: file, reason: "locations and strengths are not 1 × count × 2 and 1 × count")
    }
    return count
}
