import Foundation
package import Media

/// Pictures of one size in a file without any coding: YUV4MPEG2 for encoders to read, plain I420
/// for what comes back from decoders.
package enum RawPictures {
    /// Why pictures could not be written or read back.
    package enum Failure: Error, CustomStringConvertible {
        case cannotWrite(String)
        case cannotRead(String)
        case count(expected: Int, found: Int)
        case noPictures

        package var description: String {
            switch self {
            case .cannotWrite(let path):
                "cannot write \(path): check the folder, the rights and the space left"
            case .cannotRead(let path): "cannot read \(path)"
            case .count(let expected, let found):
                "\(found) pictures came back of \(expected)"
            case .noPictures: "no picture can be read from it: the clip is broken or empty"
            }
        }
    }

    /// Writes pictures with the header that ffmpeg needs to know size and rate.
    package static func write(
        _ pictures: [VideoFrame], rate: PictureRate, to path: String
    ) throws {
        guard let size = pictures.first?.size else { throw Failure.noPictures }
        let header =
            "YUV4MPEG2 W\(size.width) H\(size.height) F\(rate.picturesPerSecond):1 "
            + "Ip A1:1 C420jpeg\n"
        var data = Data(header.utf8)
        for picture in pictures {
            data += Data("FRAME\n".utf8)
            data += Data(picture.y) + Data(picture.u) + Data(picture.v)
        }
        guard (try? data.write(to: URL(filePath: path))) != nil else {
            throw Failure.cannotWrite(path)
        }
    }

    /// Reads some pictures of a file that must hold `count` of them.
    package static func read(
        _ path: String, size: PictureSize, count: Int, numbers: [Int]
    ) throws -> [VideoFrame] {
        guard let data = try? Data(contentsOf: URL(filePath: path), options: .alwaysMapped) else {
            throw Failure.cannotRead(path)
        }
        let luma = size.width * size.height
        let bytes = luma * 3 / 2
        guard data.count == count * bytes else {
            throw Failure.count(expected: count, found: data.count / bytes)
        }
        return try numbers.map { number in
            let start = number * bytes
            func plane(_ from: Int, _ length: Int) -> [UInt8] {
                [UInt8](data[start + from..<start + from + length])
            }
            guard number < count,
                let frame = VideoFrame(
                    size: size, time: MediaTime(picture: number), y: plane(0, luma),
                    u: plane(luma, luma / 4), v: plane(luma * 5 / 4, luma / 4))
            else { throw Failure.cannotRead(path) }
            return frame
        }
    }
}

extension MediaTime {
    fileprivate init(picture number: Int) {
        self = PictureRate.standard.time(ofPicture: number)
    }
}
