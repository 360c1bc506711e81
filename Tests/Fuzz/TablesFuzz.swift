/// Tables that are read from a file of any contents code and decode without a trap.
///
/// A file is long, and all of it matters at once: the input says with what it is filled, then what stands
/// where.
func fuzzTables(_ bytes: [UInt8]) {
    _ = try? KeypointTables(parsing: bytes)
    var input = FuzzInput(bytes)
    let count = 1 + Int(input.byte() % 4)
    let isInRange = input.byte() % 4 != 0
    let fill = input.take(8)
    let length = KeypointTables.length(keypointCount: count)
    var file = Array("PGKT".utf8) + [KeypointTables.version, UInt8(count)]
    let start = file.count
    while file.count < length { file.append(fill.isEmpty ? 1 : fill[file.count % fill.count]) }
    for _ in 0..<input.byte() % 32 {
        let place = start + input.number() % (length - start)
        for (index, byte) in input.take(Int(input.byte() % 16)).enumerated()
        where place + index < length {
            file[place + index] = byte
        }
    }
    if isInRange { moderateProbabilities(in: &file) }
    guard let tables = try? KeypointTables(parsing: file) else { return }
    precondition(tables.keypointCount == count, "tables of another count")
    let unit = input.take(.max)
    for kind in [ReferenceKind.source, .picture(distance: 1), .picture(distance: 64)] {
        for pictures in [1, 3, 6] {
            guard
                let numbers = try? KeypointNumbers(
                    decoding: unit, pictureCount: pictures, kind: kind, tables: tables)
            else { continue }
            for point in numbers.states(from: tables.mean, tables: tables)
                .flatMap(\.keypoints.points)
            {
                precondition((-1...1).contains(point.x) && (-1...1).contains(point.y))
                precondition((0...1).contains(point.strength))
            }
        }
    }
}

/// Without it next to no file would have only probabilities that are allowed.
private func moderateProbabilities(in file: inout [UInt8]) {
    let end = file.count - 2 * KeypointTables.levelCount
    let start = end - 2 * KeypointTables.levelCount * KeypointTables.activityCount * 3
    for place in stride(from: start, to: end, by: 2) {
        let value = UInt16(file[place]) << 8 | UInt16(file[place + 1])
        let moderate = min(max(value, 32), 65504)
        file[place] = UInt8(moderate >> 8)
        file[place + 1] = UInt8(moderate & 0xFF)
    }
}
