import COpus
import Media

/// Decodes Opus packets (RFC 6716) with libopus into one channel, and conceals what is missing.
///
/// Packets may hold anything: libopus checks each of them, and a bad one changes nothing. Not
/// thread-safe: one task at a time.
@safe public final class OpusVoiceDecoder {
    private let decoder: OpaquePointer

    /// Opus's longest packet, 120 ms, in samples.
    public static let largestPacket = VoicePacket.largestTickCount * VoiceTick.samples

    /// 2.5 ms: what libopus can conceal in steps of.
    private static let step = AudioFrame.samplesPerSecond / 400

    /// Makes a decoder that has heard nothing yet.
    ///
    /// - Throws: ``OpusError/unavailable(reason:)``.
    public init() throws(OpusError) {
        var status: Int32 = 0
        guard
            let decoder = unsafe opus_decoder_create(
                Int32(AudioFrame.samplesPerSecond), 1, &status)
        else { throw .unavailable(reason: opusReason(status)) }
        unsafe self.decoder = unsafe decoder
    }

    deinit { unsafe opus_decoder_destroy(decoder) }

    /// Decodes a packet that follows the one before.
    ///
    /// - Returns: its samples, up to 120 ms.
    /// - Throws: ``OpusError/corrupt(reason:)``.
    public func decode(_ packet: [UInt8]) throws(OpusError) -> [Float] {
        // No bytes mean a lost packet to libopus, which is not what was asked for.
        guard !packet.isEmpty else { throw .corrupt(reason: "it is empty") }
        return try run(packet, samples: Self.largestPacket, recovers: false)
    }

    /// Makes up sound for packets that are lost, or were silent and not sent.
    ///
    /// What was heard last goes on and fades to the background noise (RFC 6716, section 4.4).
    /// - Parameter samples: how many, a multiple of 120, at most ``largestPacket``.
    /// - Throws: ``OpusError/duration(samples:)`` for another number.
    public func conceal(_ samples: Int) throws(OpusError) -> [Float] {
        guard (1...Self.largestPacket).contains(samples), samples.isMultiple(of: Self.step) else {
            throw .duration(samples: samples)
        }
        return try run([], samples: samples, recovers: false)
    }

    /// Makes sound for what is missing right before `next`, from the coarse copy in it where there is
    /// one, else by concealment.
    ///
    /// The copy is of the frame before, of the length of `next`'s frames; what is missing ahead of that
    /// is concealed. `next` itself must be decoded afterwards.
    /// - Parameter samples: as in ``conceal(_:)``.
    /// - Throws: ``OpusError``.
    public func recover(_ samples: Int, before next: [UInt8]) throws(OpusError) -> [Float] {
        guard (1...Self.largestPacket).contains(samples), samples.isMultiple(of: Self.step) else {
            throw .duration(samples: samples)
        }
        guard !next.isEmpty else { throw .corrupt(reason: "it is empty") }
        return try run(next, samples: samples, recovers: true)
    }

    private func run(
        _ packet: [UInt8], samples: Int, recovers: Bool
    ) throws(OpusError) -> [Float] {
        var status: Int32 = 0
        let sound = unsafe [Float](unsafeUninitializedCapacity: samples) { room, count in
            unsafe status = packet.withUnsafeBufferPointer { bytes in
                guard let room = room.baseAddress else { return OPUS_BAD_ARG }
                let start = packet.isEmpty ? nil : bytes.baseAddress
                return unsafe opus_decode_float(
                    decoder, start, Int32(bytes.count), room, Int32(samples), recovers ? 1 : 0)
            }
            count = Int(max(0, status))
        }
        guard status > 0 else { throw .corrupt(reason: opusReason(status)) }
        return sound
    }
}
