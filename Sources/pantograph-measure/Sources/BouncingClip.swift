import Media
import Pipeline

/// A clip that is played forth and back, so that poses come again as in a longer call.
final class BouncingClip: PictureSource {
    let isLive = false
    var expectedCount: Int? { count }
    private let pictures: [VideoFrame]
    private let count: Int
    private var number = 0

    /// Plays two pictures or more until there were `count` of them.
    init(_ pictures: [VideoFrame], count: Int) {
        self.pictures = pictures
        self.count = count
    }

    func next() -> VideoFrame? {
        guard number < count, pictures.count > 1 else { return nil }
        let turn = pictures.count - 1
        let place = number % (2 * turn)
        var picture = pictures[min(place, 2 * turn - place)]
        picture.time = PictureRate.standard.time(ofPicture: number)
        number += 1
        return picture
    }
}
