/// What a decoder makes of a picture on its own is a picture of a size that was allowed, or an error.
///
/// The decoder's library itself is the system's: the sanitizer sees what it does to memory that Swift gave it.
func fuzzStill(_ bytes: [UInt8], _ decoder: some StillImageDecoder) {
    guard let largest = PictureSize(width: 64, height: 64) else { fatalError("a good size") }
    guard let picture = try? decoder.decode(bytes, largest: largest) else { return }
    precondition(picture.size.width <= 64 && picture.size.height <= 64, "a picture too large")
    precondition(picture.y.count == picture.size.width * picture.size.height)
    precondition(picture.u.count * 4 == picture.y.count && picture.v.count == picture.u.count)
}
