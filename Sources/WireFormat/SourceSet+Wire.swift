import Media

/// `Protocol/packets.md`, section 3.7.
extension SourceSet {
    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        let number = SourceSetNumber(try cursor.byte(bytes))
        let count = try cursor.integer(
            bytes, in: 1...UInt64(WireConstants.largestSourceSet), .setSize)
        var sources: [SourceIdentifier] = []
        for _ in 0..<count {
            let source = try SourceIdentifier(parsing: bytes, at: &cursor)
            // Ascending, so that a set is written in one way and no source twice.
            if let last = sources.last, source <= last {
                throw .valueOutOfRange(field: .setMember, value: UInt64(source.rawValue))
            }
            sources.append(source)
        }
        guard let set = SourceSet(number: number, sources: sources) else {
            throw .valueOutOfRange(field: .setSize, value: count)
        }
        self = set
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(number.rawValue)
        bytes.append(integer: UInt64(sources.count))
        for source in sources { bytes.append(integer: UInt64(source.rawValue)) }
    }
}
