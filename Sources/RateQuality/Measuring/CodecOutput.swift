package import Media

/// What a codec made of a clip: its rate, its cost, and the pictures that came out, in a file.
package struct CodecOutput: Sendable {
    package var payload: DataSize
    package var wire: DataSize
    package var packets: Int
    /// Where the bytes on the wire went; nothing where that is not known.
    package var parts: [String: Int]?
    package var heldPictures: Int?
    package var encode: Cost
    package var decode: Cost
    /// Plain I420, as many pictures as the clip has.
    package var pictures: String

    /// What it cost to code or to decode a clip.
    package struct Cost: Hashable, Sendable {
        /// Of all processors together.
        package var processor: Duration
        package var peakMemory: DataSize
        package var joules: Double?

        package init(processor: Duration, peakMemory: DataSize, joules: Double? = nil) {
            self.processor = processor
            self.peakMemory = peakMemory
            self.joules = joules
        }
    }

    package init(
        payload: DataSize, wire: DataSize, packets: Int, parts: [String: Int]? = nil,
        heldPictures: Int? = nil, encode: Cost, decode: Cost, pictures: String
    ) {
        self.payload = payload
        self.wire = wire
        self.packets = packets
        self.parts = parts
        self.heldPictures = heldPictures
        self.encode = encode
        self.decode = decode
        self.pictures = pictures
    }
}
