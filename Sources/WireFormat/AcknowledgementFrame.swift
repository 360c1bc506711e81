/// Which packets have arrived (`Protocol/feedback.md`, section 1).
public struct AcknowledgementFrame: Hashable, Sendable {
    /// Packets that have arrived, after some that have not.
    public struct Range: Hashable, Sendable {
        /// Packets in between that have not arrived, at least one.
        public let missing: Int
        /// Packets below those that have arrived, at least one.
        public let arrived: Int

        /// Makes a range from values that the caller knows to be positive.
        public init(missing: Int, arrived: Int) {
            self.missing = missing
            self.arrived = arrived
        }
    }

    /// The low 16 bits of the largest packet number that has arrived.
    public let largest: UInt16
    /// Milliseconds from its arrival to this frame, 0…16383.
    public let delay: Int
    /// When it arrived: the receiver's clock in milliseconds, modulo 65536.
    public let arrival: UInt16
    /// How many packets have arrived down from it without a gap, itself included.
    public let arrived: Int
    /// What lies below them.
    public let ranges: [Range]

    /// The most milliseconds that ``delay`` can tell.
    public static let largestDelay = 16_383

    /// Makes a frame from values that the caller knows to be in range.
    public init(largest: UInt16, delay: Int, arrival: UInt16, arrived: Int, ranges: [Range]) {
        self.largest = largest
        self.delay = delay
        self.arrival = arrival
        self.arrived = arrived
        self.ranges = ranges
    }

    /// The packet numbers, from the largest range down, where the largest one is `largest` in full;
    /// nothing where they would fall below zero.
    public func numbers(largest: UInt64) -> [ClosedRange<UInt64>]? {
        guard largest + 1 >= UInt64(arrived) else { return nil }
        var low = largest + 1 - UInt64(arrived)
        var numbers = [low...largest]
        for range in ranges {
            guard low >= UInt64(range.missing + range.arrived) else { return nil }
            let high = low - UInt64(range.missing) - 1
            low = high + 1 - UInt64(range.arrived)
            numbers.append(low...high)
        }
        return numbers
    }

    init(parsing bytes: Span<UInt8>, at cursor: inout ByteCursor) throws(WireError) {
        largest = try cursor.uint16(bytes)
        delay = Int(try cursor.integer(bytes, in: 0...UInt64(Self.largestDelay), .ackDelay))
        arrival = try cursor.uint16(bytes)
        let count = try cursor.integer(
            bytes, in: 0...UInt64(WireConstants.largestAckRangeCount), .ackRangeCount)
        let span = UInt64(WireConstants.largestAckSpan)
        arrived = Int(try cursor.integer(bytes, in: 1...span, .ackRange))
        var ranges: [Range] = []
        var total = arrived
        for _ in 0..<count {
            let missing = Int(try cursor.integer(bytes, in: 1...span, .ackRange))
            let more = Int(try cursor.integer(bytes, in: 1...span, .ackRange))
            total += missing + more
            guard total <= Int(span) else {
                throw .valueOutOfRange(field: .ackRange, value: UInt64(total))
            }
            ranges.append(Range(missing: missing, arrived: more))
        }
        self.ranges = ranges
    }

    func append(to bytes: inout [UInt8]) {
        bytes.append(uint16: largest)
        bytes.append(integer: UInt64(delay))
        bytes.append(uint16: arrival)
        bytes.append(integer: UInt64(ranges.count))
        bytes.append(integer: UInt64(arrived))
        for range in ranges {
            bytes.append(integer: UInt64(range.missing))
            bytes.append(integer: UInt64(range.arrived))
        }
    }
}
