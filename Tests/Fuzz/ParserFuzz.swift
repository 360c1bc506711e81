/// What parses is written and parses to the same again.
func fuzzDatagram(_ bytes: [UInt8]) {
    guard let datagram = try? Datagram(parsing: bytes.span) else { return }
    let written = datagram.bytes
    precondition(written.count <= bytes.count, "the shortest form is longer")
    guard let again = try? Datagram(parsing: written.span) else {
        fatalError("what was written does not parse")
    }
    precondition(again == datagram, "a round trip changed a datagram")
}

/// Keypoints that decode lie in their ranges and survive being coded again.
func fuzzKeypoints(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let count = Int(input.byte() % 64) + 1
    let pictures = Int(input.byte() % 16) + 1
    guard let step = QuantizerStep(exponent: 4 + input.byte() % 7) else {
        fatalError("exponents 4 to 10 are steps")
    }
    let reference = QuantizedKeypoints.neutral(count: count, step: step)
    let payload = input.take(.max)
    guard
        let decoded = try? KeypointCoder.decode(
            payload, pictureCount: pictures, reference: reference)
    else { return }
    precondition(decoded.count == pictures)
    for picture in decoded {
        precondition(picture.count == count && picture.step == step)
        for point in picture.keypoints.points {
            precondition((-1...1).contains(point.x) && (-1...1).contains(point.y))
            precondition((0...1).contains(point.strength))
        }
    }
    // A zero strength hides where a keypoint is, so that a picture predicted from it is the same.
    guard let coded = try? KeypointCoder.encode(decoded, reference: reference),
        let again = try? KeypointCoder.decode(
            coded, pictureCount: pictures, reference: reference)
    else { fatalError("decoded keypoints cannot be coded again") }
    precondition(again == decoded, "a round trip changed keypoints")
}

/// Sources that parse survive being written; checksums are made right, or nothing would get past them.
func fuzzSource(_ bytes: [UInt8]) {
    _ = try? SourcePayload(parsing: bytes, keypointCount: 20)
    let sum = CRC32.checksum(bytes[...])
    let checked = bytes + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> UInt32($0)) }
    let count = bytes.count > 1 ? Int(bytes[1]) : 20
    guard let payload = try? SourcePayload(parsing: checked, keypointCount: count) else { return }
    guard let written = try? payload.encoded(),
        let again = try? SourcePayload(parsing: written, keypointCount: count)
    else { fatalError("a source that was read cannot be written") }
    precondition(again == payload, "a round trip changed a source")
}
