import COpus
import Media

/// Codes sound as Opus frames (RFC 6716) with libopus: one channel, voice, at most wideband.
///
/// Not thread-safe: one task at a time.
@safe public final class OpusVoiceEncoder {
    /// How sound is coded.
    public private(set) var settings: VoiceSettings
    /// By how many samples decoded sound lags behind what went in: some 6.5 ms.
    public let lookahead: Int

    private let encoder: OpaquePointer

    /// The longest frame that Opus has (RFC 6716, section 3.4, rule R2).
    private static let largestFrame = 1275

    /// Makes an encoder that has heard nothing yet.
    ///
    /// - Throws: ``OpusError/unavailable(reason:)``, for settings that libopus refuses, too.
    public init(_ settings: VoiceSettings) throws(OpusError) {
        self.settings = settings
        var status: Int32 = 0
        guard
            let encoder = unsafe opus_encoder_create(
                Int32(AudioFrame.samplesPerSecond), 1, OPUS_APPLICATION_VOIP, &status)
        else { throw .unavailable(reason: opusReason(status)) }
        unsafe self.encoder = unsafe encoder
        let fec: Int32 = settings.expectedLoss > 0 ? 1 : 0
        status = unsafe copus_configure(
            encoder, Int32(settings.complexity), settings.leavesSilenceOut ? 1 : 0, fec,
            Int32(settings.expectedLoss))
        if status == OPUS_OK {
            status = unsafe copus_set_bitrate(encoder, Int32(settings.bitrate))
        }
        let lag = unsafe copus_lookahead(encoder)
        lookahead = Int(max(0, lag))
        guard status == OPUS_OK, lag >= 0 else {
            throw .unavailable(reason: opusReason(status == OPUS_OK ? lag : status))
        }
    }

    deinit { unsafe opus_encoder_destroy(encoder) }

    /// Codes the next frames otherwise; what it has heard stays.
    ///
    /// - Throws: ``OpusError/unavailable(reason:)`` for settings that libopus refuses.
    public func change(to settings: VoiceSettings) throws(OpusError) {
        guard settings != self.settings else { return }
        var status = unsafe copus_set_bitrate(encoder, Int32(settings.bitrate))
        if status == OPUS_OK {
            status = unsafe copus_configure(
                encoder, Int32(settings.complexity), settings.leavesSilenceOut ? 1 : 0,
                settings.expectedLoss > 0 ? 1 : 0, Int32(settings.expectedLoss))
        }
        guard status == OPUS_OK else { throw .unavailable(reason: opusReason(status)) }
        self.settings = settings
    }

    /// Samples in a frame.
    public var frameLength: Int { settings.frameDuration.ticks * VoiceTick.samples }

    /// Codes the next frame.
    ///
    /// - Parameter samples: ``frameLength`` of them.
    /// - Returns: an Opus packet with one frame; silence where ``isSilence(_:)``.
    /// - Throws: ``OpusError/sampleCount(expected:found:)``, or libopus's words.
    public func encode(_ samples: [Float]) throws(OpusError) -> [UInt8] {
        guard samples.count == frameLength else {
            throw .sampleCount(expected: frameLength, found: samples.count)
        }
        // What is no number would stay in the encoder's filters for ever.
        let samples = samples.map { $0.isFinite ? max(-2, min(2, $0)) : 0 }
        var status: Int32 = 0
        let packet = unsafe [UInt8](unsafeUninitializedCapacity: Self.largestFrame) {
            bytes, count in
            unsafe status = samples.withUnsafeBufferPointer { samples in
                guard let sound = samples.baseAddress, let room = bytes.baseAddress else {
                    return OPUS_BAD_ARG
                }
                return unsafe opus_encode_float(
                    encoder, sound, Int32(samples.count), room, Int32(bytes.count))
            }
            count = Int(max(0, status))
        }
        guard status > 0 else { throw .unavailable(reason: opusReason(status)) }
        return packet
    }

    /// Whether a packet says only that nobody speaks: such a one need not be sent (libopus's
    /// `opus_encode`: "2 bytes or less").
    public static func isSilence(_ packet: [UInt8]) -> Bool { packet.count <= 2 }
}
