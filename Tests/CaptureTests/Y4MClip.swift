/// A YUV4MPEG2 clip of flat pictures, put together byte by byte.
struct Y4MClip {
    var width = 64
    var height = 48
    /// Pictures a second, as the header has it.
    var rate = "25:1"
    /// Chroma and further tags of the header.
    var tags = "C420jpeg"
    /// Luma of each picture.
    var luma: [UInt8]
    /// Blue and red difference of all pictures.
    var chroma: (u: UInt8, v: UInt8) = (128, 128)

    var bytes: [UInt8] {
        let chromaCount = ((width + 1) / 2) * ((height + 1) / 2)
        var file = Array("YUV4MPEG2 W\(width) H\(height) F\(rate) Ip A1:1 \(tags)\n".utf8)
        for value in luma {
            file += Array("FRAME\n".utf8)
            file += [UInt8](repeating: value, count: width * height)
            file += [UInt8](repeating: chroma.u, count: chromaCount)
            file += [UInt8](repeating: chroma.v, count: chromaCount)
        }
        return file
    }
}
