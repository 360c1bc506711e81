/// A PNG file put together byte by byte (ISO/IEC 15948), for the colour types that we never write.
struct HandmadePNG {
    var width: UInt32
    var height: UInt32
    var depth: UInt8
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
    var colourType: UInt8
    var palette: [UInt8] = []
    /// Rows without the filter byte.
    var rows: [[UInt8]]

    /// The whole file.
    var bytes: [UInt8] {
        var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
        file += chunk("IHDR", bigEndian(width) + bigEndian(height) + [depth, colourType, 0, 0, 0])
        if !palette.isEmpty { file += chunk("PLTE", palette) }
        file += chunk("IDAT", zlibStored(rows.flatMap { [0] + $0 }))
        return file + chunk("IEND", [])
    }

    private func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    private func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + content
        return bigEndian(UInt32(content.count)) + body + bigEndian(crc32(body))
    }

    /// One stored block (RFC 1950, RFC 1951): at most 65535 bytes.
    private func zlibStored(_ content: [UInt8]) -> [UInt8] {
        let count = UInt16(content.count)
        let ends = [count, ~count].flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] }
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in content {
            a = (a + UInt32(byte)) % 65521
            b = (b + a) % 65521
        }
        return [0x78, 0x01, 0x01] + ends + content + bigEndian(b << 16 | a)
    }

    private func crc32(_ content: [UInt8]) -> UInt32 {
        var crc = UInt32.max
        for byte in content {
            crc ^= UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
        }
        return ~crc
    }
}
