/// What libvpx makes of a source's key frame is a picture of a size that was allowed, or an error.
///
/// libvpx itself is the system's: the sanitizer sees what it does to memory that Swift gave it.
func fuzzStill(_ bytes: [UInt8]) {
    guard let largest = PictureSize(width: 64, height: 64) else { fatalError("a good size") }
    guard let picture = try? VP8StillDecoder().decode(bytes, largest: largest) else { return }
    precondition(picture.size.width <= 64 && picture.size.height <= 64, "a picture too large")
    precondition(picture.y.count == picture.size.width * picture.size.height)
    precondition(picture.u.count * 4 == picture.y.count && picture.v.count == picture.u.count)
}
