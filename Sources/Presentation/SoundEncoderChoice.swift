import CFFmpeg

/// An FFmpeg encoder for the sound of a container.
@safe struct SoundEncoderChoice {
    /// The encoder.
    @unsafe let codec: UnsafePointer<AVCodec>
    /// How its samples are stored.
    let format: AVSampleFormat

    /// Bits a second for encoders that have a rate: nothing of a voice is lost.
    static let bitRate: Int64 = 64_000

    /// Opus where the container takes it, else uncompressed sound, else what the container has by
    /// default; MP4 and QuickTime get AAC, which all their players know. Nothing where the container
    /// has no sound, or no encoder is installed.
    init?(for container: UnsafePointer<AVOutputFormat>) {
        let usual = unsafe container.pointee.audio_codec
        guard usual != AV_CODEC_ID_NONE else { return nil }
        var codecs: [UnsafePointer<AVCodec>?] = unsafe []
        if usual == AV_CODEC_ID_AAC { unsafe codecs.append(avcodec_find_encoder(usual)) }
        for name in ["libopus", "pcm_s16le"] {
            let codec = unsafe avcodec_find_encoder_by_name(name)
            guard let found = unsafe codec,
                unsafe avformat_query_codec(container, found.pointee.id, FF_COMPLIANCE_NORMAL) == 1
            else { continue }
            unsafe codecs.append(codec)
        }
        unsafe codecs.append(avcodec_find_encoder(usual))
        for index in unsafe codecs.indices {
            guard let codec = unsafe codecs[index], let format = unsafe Self.format(of: codec)
            else { continue }
            unsafe self.codec = unsafe codec
            self.format = format
            return
        }
        return nil
    }

    /// The first format that is floats or 16-bit numbers; with one channel, planes are no matter.
    private static func format(of codec: UnsafePointer<AVCodec>) -> AVSampleFormat? {
        guard var format = unsafe codec.pointee.sample_fmts else { return nil }
        let known = [
            AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP, AV_SAMPLE_FMT_S16, AV_SAMPLE_FMT_S16P,
        ]
        while unsafe format.pointee != AV_SAMPLE_FMT_NONE {
            if known.contains(unsafe format.pointee) { return unsafe format.pointee }
            unsafe format += 1
        }
        return nil
    }
}
