/// What libvpx makes of a stream of pictures is pictures of a size that was allowed, or errors, and after
/// an error nothing but a key picture.
///
/// libvpx itself is the system's: the sanitizer sees what it does to memory that Swift gave it. Inputs
/// are pictures: a byte for the kind, two for the length, the bytes.
func fuzzStream(_ bytes: [UInt8]) {
    guard let largest = PictureSize(width: 64, height: 64) else { fatalError("a good size") }
    var input = FuzzInput(bytes)
    let decoder = VP8StreamDecoder()
    var size: PictureSize?
    for number in 1..<32 where !input.isEmpty {
        let kind: StreamPicture.Kind =
            switch input.byte() % 3 {
            case 0: .key
            case 1: .anchor(from: .zero)
            default: .leaf(from: .zero)
            }
        let payload = input.take(input.number() % 2048)
        guard
            let picture = StreamPicture(
                number: PictureNumber(UInt32(number)), kind: kind, payload: payload)
        else { continue }
        guard let frame = try? decoder.decode(picture, largest: largest) else {
            if picture.reference == nil { size = nil }
            continue
        }
        precondition(frame.size.width <= 64 && frame.size.height <= 64, "a picture too large")
        precondition(frame.y.count == frame.size.width * frame.size.height)
        precondition(frame.u.count * 4 == frame.y.count && frame.v.count == frame.u.count)
        // Only a key picture begins, or changes the size.
        precondition(picture.reference == nil || frame.size == size, "a picture from nothing")
        size = frame.size
    }
}
