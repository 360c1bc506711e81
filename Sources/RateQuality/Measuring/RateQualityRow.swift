/// What one codec gave at one setting on one clip: a line of `rows.jsonl`.
package struct RateQualityRow: Codable, Hashable, Sendable {
    /// What tells rows apart.
    package struct Key: Hashable, Sendable {
        package let clip, codec, setting: String
    }

    /// The clip's path in its folder, without what its name ends with.
    package var clip: String
    /// ``ClassicalCodec/name``, or `pantograph`.
    package var codec: String
    /// What was chosen, such as `36` for a quantiser.
    package var setting: String
    /// Where the setting stands among those of its codec, coarsest first.
    package var order: Int
    /// What the clip shows (``ClipTruth/kind``), where that could be told.
    package var kind: String?
    /// Pictures of the clip, and those that were measured.
    package var pictures, measured: Int
    /// How long the clip is.
    package var seconds: Double
    /// Everything the codec made, first picture and sources included.
    package var payloadBytes: Int
    /// The same in packets with all headers.
    package var wireBytes: Int
    package var packets: Int
    /// kbit/s.
    package var payloadRate, wireRate: Double
    /// Where the bytes on the wire went, by name; of this codec only.
    package var parts: [String: Int]?
    /// Pictures that the receiver could not show and held another for; of this codec only.
    package var heldPictures: Int?
    /// Milliseconds of all processors for each picture.
    package var encodeMilliseconds, decodeMilliseconds: Double
    /// The most memory that the encoder's and the decoder's process held, MiB.
    package var encodeMebibytes, decodeMebibytes: Double
    /// Joules for each picture, where the machine tells and nothing else ran.
    package var encodeJoules, decodeJoules: Double?
    /// By ``Measure``.
    package var quality: [String: Spread]

    /// What tells this row from others.
    package var key: Key { Key(clip: clip, codec: codec, setting: setting) }

    /// A row; what only this codec tells is set afterwards.
    package init(
        clip: String, codec: String, setting: String, order: Int, pictures: Int, measured: Int,
        seconds: Double, payloadBytes: Int, wireBytes: Int, packets: Int, payloadRate: Double,
        wireRate: Double, encodeMilliseconds: Double, decodeMilliseconds: Double,
        encodeMebibytes: Double, decodeMebibytes: Double, quality: [String: Spread]
    ) {
        self.clip = clip
        self.codec = codec
        self.setting = setting
        self.order = order
        self.pictures = pictures
        self.measured = measured
        self.seconds = seconds
        self.payloadBytes = payloadBytes
        self.wireBytes = wireBytes
        self.packets = packets
        self.payloadRate = payloadRate
        self.wireRate = wireRate
        self.encodeMilliseconds = encodeMilliseconds
        self.decodeMilliseconds = decodeMilliseconds
        self.encodeMebibytes = encodeMebibytes
        self.decodeMebibytes = decodeMebibytes
        self.quality = quality
    }

    package func mean(_ measure: Measure) -> Double? { quality[measure.rawValue]?.mean }
}

/// The measures of each picture of a row: a line of `pictures.jsonl`.
package struct PictureRow: Codable, Hashable, Sendable {
    package var clip, codec, setting: String
    /// The pictures' numbers.
    package var pictures: [Int]
    /// By ``Measure``, a value for each picture, null where it cannot be measured.
    package var values: [String: [Double?]]

    package init(
        clip: String, codec: String, setting: String, pictures: [Int],
        values: [String: [Double?]]
    ) {
        self.clip = clip
        self.codec = codec
        self.setting = setting
        self.pictures = pictures
        self.values = values
    }

    package var key: RateQualityRow.Key { .init(clip: clip, codec: codec, setting: setting) }
}

/// Something that could not be measured: a line of `problems.jsonl`.
package struct Problem: Codable, Hashable, Sendable {
    package var clip, codec, setting: String?
    /// What was wrong and what to do.
    package var reason: String

    package init(clip: String? = nil, codec: String? = nil, setting: String? = nil, reason: String)
    {
        self.clip = clip
        self.codec = codec
        self.setting = setting
        self.reason = reason
    }

    /// One line for people.
    package var sentence: String {
        let place = [clip, codec, setting].compactMap(\.self).joined(separator: ", ")
        return place.isEmpty ? reason : "\(place): \(reason)"
    }
}
