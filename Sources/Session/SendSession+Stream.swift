public import Media

/// The stream of pictures for when warping fails.
extension SendSession {
    /// The bytes of the stream's pictures that have still to go out.
    public var unsentPictures: DataSize { pictures.unsentSize }

    /// Gives up what has not gone of the stream's pictures.
    public mutating func endStream() {
        guard state != .closed else { return }
        pictures.removeAll()
        tellOfPictures()
    }

    mutating func tellOfPictures() {
        events += pictures.takeNews().map { news in
            switch news {
            case .held(let number): .anchorHeld(number)
            case .lost(let number): .anchorLost(number)
            case .forgotten: .anchorsForgotten
            }
        }
    }
}
