import Foundation

/// What parses is written and parses to the same again.
func fuzzDatagram(_ bytes: [UInt8]) {
    guard let datagram = try? Datagram(parsing: bytes.span) else { return }
    precondition(datagram.bytes == bytes, "a header that is written in two ways")
    guard let payload = try? Payload(parsing: datagram.payload.span) else { return }
    let written = payload.bytes
    precondition(written.count <= datagram.payload.count, "the shortest form is longer")
    guard let again = try? Payload(parsing: written.span) else {
        fatalError("what was written does not parse")
    }
    precondition(again == payload, "a round trip changed a payload")
}

/// The tables that come with the network.
let shippedTables: KeypointTables = {
    let package = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let path = package + "/Sources/NeuralVideo/Resources/keypoints.bin"
    guard let data = FileManager.default.contents(atPath: path),
        let tables = try? KeypointTables(parsing: Array(data))
    else { fatalError("\(path) holds no tables") }
    return tables
}()

/// All units decode, to numbers that survive being coded again and to keypoints in their ranges.
func fuzzKeypoints(_ bytes: [UInt8]) {
    var input = FuzzInput(bytes)
    let distance = Int(input.byte())
    let kind: ReferenceKind = distance == 0 ? .source : .picture(distance: distance)
    let pictures = Int(input.byte() % 6) + 1
    let payload = input.take(.max)
    guard !payload.isEmpty else { return }
    guard
        let numbers = try? KeypointNumbers(
            decoding: payload, pictureCount: pictures, kind: kind, tables: shippedTables),
        let again = try? KeypointNumbers(
            decoding: numbers.encoded(kind, tables: shippedTables), pictureCount: pictures,
            kind: kind, tables: shippedTables)
    else { fatalError("a unit does not decode") }
    precondition(again == numbers, "a round trip changed numbers")
    let states = numbers.states(from: shippedTables.mean, tables: shippedTables)
    precondition(states.count == pictures)
    for point in states.flatMap(\.keypoints.points) {
        precondition((-1...1).contains(point.x) && (-1...1).contains(point.y))
        precondition((0...1).contains(point.strength))
    }
}

/// Sources that parse are written to the same bytes.
func fuzzSource(_ bytes: [UInt8]) {
    guard let payload = try? SourcePayload(parsing: bytes) else { return }
    precondition(payload.bytes == bytes, "a source that is written in two ways")
}
