import COpus
import Media

/// Puts consecutive packets of one frame each into packets of several (RFC 6716, section 3.2), so that
/// they share their first byte.
enum OpusPacketJoiner {
    /// Joins packets as far as Opus allows: frames of one kind, 120 ms together.
    ///
    /// - Parameter packets: consecutive ones of one encoder, each of `ticks` ticks.
    /// - Returns: for each packet that comes out, the number of packets that went into it.
    /// - Throws: ``OpusError/corrupt(reason:)`` for what is no Opus packet.
    static func join(
        _ packets: [[UInt8]], ticks: Int
    ) throws(OpusError) -> [(count: Int, bytes: [UInt8])] {
        let largest = VoicePacket.largestTickCount / ticks
        var joined: [(count: Int, bytes: [UInt8])] = []
        var run: [[UInt8]] = []
        for packet in packets {
            guard let kind = packet.first else { throw .corrupt(reason: "it is empty") }
            // The two lowest bits only count frames; all others must agree.
            if let first = run.first?.first, first >> 2 != kind >> 2 || run.count == largest {
                joined.append((run.count, try merge(run)))
                run = []
            }
            run.append(packet)
        }
        if !run.isEmpty { joined.append((run.count, try merge(run))) }
        return joined
    }

    private static func merge(_ packets: [[UInt8]]) throws(OpusError) -> [UInt8] {
        if packets.count == 1 { return packets[0] }
        guard let joiner = unsafe opus_repacketizer_create() else {
            throw .unavailable(reason: opusReason(OPUS_ALLOC_FAIL))
        }
        defer { unsafe opus_repacketizer_destroy(joiner) }
        // libopus keeps pointers to the packets until they are written out, so they lie in one buffer.
        let bytes = packets.flatMap(\.self)
        var status = OPUS_OK
        let room = bytes.count + 2 * packets.count + 2
        let merged = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
            unsafe status = bytes.withUnsafeBufferPointer { bytes in
                guard let start = bytes.baseAddress, let output = output.baseAddress else {
                    return OPUS_BAD_ARG
                }
                var offset = 0
                for packet in packets {
                    let status = unsafe opus_repacketizer_cat(
                        joiner, start + offset, Int32(packet.count))
                    guard status == OPUS_OK else { return status }
                    offset += packet.count
                }
                return unsafe opus_repacketizer_out(joiner, output, Int32(room))
            }
            count = Int(max(0, status))
        }
        guard status > 0 else { throw .corrupt(reason: opusReason(status)) }
        return merged
    }
}
