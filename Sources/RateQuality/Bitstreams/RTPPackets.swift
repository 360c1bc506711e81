package import Media

/// How many RTP packets a coded picture takes, and how large they are; nothing is built, only
/// counted.
///
/// Each picture begins a packet of its own, as in a call. Payload descriptors are the smallest that
/// each format allows.
package struct RTPPackets: Hashable, Sendable {
    /// The largest packet with its RTP header, in bytes: WebRTC's.
    static let largestPacket = 1200
    /// RFC 3550, section 5.1, without extensions.
    static let rtpHeader = 12

    /// Bytes of each packet behind the RTP header.
    package let payloads: [Int]

    /// Bytes on the wire, with RTP, UDP and IPv4 headers.
    package var wire: DataSize {
        DataSize(
            bytes: payloads.reduce(0, +) + payloads.count
                * (Self.rtpHeader + DataSize.ipv4AndUDPHeaders.bytes))
    }

    /// Packs the parts of one picture.
    package init(_ picture: CodedPicture, format: BitstreamFormat) {
        let room = Self.largestPacket - Self.rtpHeader
        switch format {
        case .vp8, .vp9:
            // RFC 7741 section 4.2, RFC 9628 section 4.2: one byte where nothing optional is there.
            payloads = Self.split(picture.parts.reduce(0, +), room: room, header: 1)
        case .av1:
            // One aggregation header; up to three elements, the last one needs no length.
            var bytes = picture.parts.reduce(0, +)
            let lengths = picture.parts.count > 3 ? picture.parts[...] : picture.parts.dropLast()
            for part in lengths { bytes += part < 128 ? 1 : part < 16384 ? 2 : 3 }
            payloads = Self.split(bytes, room: room, header: 1)
        case .h264:
            // RFC 6184: STAP-A has one byte; FU-A two, and takes the place of the unit's own one.
            payloads = Self.aggregate(
                picture.parts, room: room, unitHeader: 1, aggregationHeader: 1, fragmentHeader: 2)
        case .h265, .h266:
            // RFC 7798, RFC 9328: aggregation has two bytes, a fragment three for the unit's two.
            payloads = Self.aggregate(
                picture.parts, room: room, unitHeader: 2, aggregationHeader: 2, fragmentHeader: 3)
        }
    }

    private static func split(_ bytes: Int, room: Int, header: Int) -> [Int] {
        guard bytes > 0 else { return [] }
        let count = (bytes + room - header - 1) / (room - header)
        return (0..<count).map { (bytes * ($0 + 1)) / count - (bytes * $0) / count + header }
    }

    private static func aggregate(
        _ units: [Int], room: Int, unitHeader: Int, aggregationHeader: Int, fragmentHeader: Int
    ) -> [Int] {
        var payloads = [Int]()
        var waiting = [Int]()
        func aggregated(_ units: [Int]) -> Int {
            units.count == 1 ? units[0] : aggregationHeader + units.reduce(0) { $0 + $1 + 2 }
        }
        for unit in units {
            if aggregated(waiting + [unit]) <= room {
                waiting.append(unit)
                continue
            }
            if !waiting.isEmpty { payloads.append(aggregated(waiting)) }
            waiting = []
            if unit <= room {
                waiting = [unit]
            } else {
                payloads += split(unit - unitHeader, room: room, header: fragmentHeader)
            }
        }
        if !waiting.isEmpty { payloads.append(aggregated(waiting)) }
        return payloads
    }
}
