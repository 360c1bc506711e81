import CFFmpeg

/// Packets of one stream that were met while another one was read; the one owner of them.
@safe final class PacketQueue {
    private var packets: [UnsafeMutablePointer<AVPacket>] = unsafe []
    private var bytes = 0

    /// A file whose streams lie further apart than this is not worth the memory.
    private static let largestSize = 1 << 26

    init() {}

    deinit {
        for index in unsafe packets.indices {
            var packet: UnsafeMutablePointer<AVPacket>? = unsafe packets[index]
            unsafe av_packet_free(&packet)
        }
    }

    /// Whether no more packets are to be added.
    var isFull: Bool { bytes >= Self.largestSize }

    /// Takes a packet's contents.
    func append(_ packet: UnsafeMutablePointer<AVPacket>) {
        guard let copy = unsafe av_packet_alloc() else {
            unsafe av_packet_unref(packet)
            return
        }
        unsafe av_packet_move_ref(copy, packet)
        // What the packet itself takes counts, too: there may be many without contents.
        bytes += Int(unsafe copy.pointee.size) + 256
        unsafe packets.append(copy)
    }

    /// Moves the first packet into `packet`; false where there is none.
    func take(into packet: UnsafeMutablePointer<AVPacket>) -> Bool {
        guard unsafe !packets.isEmpty else { return false }
        var first: UnsafeMutablePointer<AVPacket>? = unsafe packets.removeFirst()
        if let first = unsafe first {
            bytes -= Int(unsafe first.pointee.size) + 256
            unsafe av_packet_unref(packet)
            unsafe av_packet_move_ref(packet, first)
        }
        unsafe av_packet_free(&first)
        return true
    }
}
