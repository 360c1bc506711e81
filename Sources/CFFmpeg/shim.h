// FFmpeg's libraries for Swift: their headers, and functions for the macros Swift cannot call.
#ifndef PANTOGRAPH_CFFMPEG_SHIM_H
#define PANTOGRAPH_CFFMPEG_SHIM_H

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavdevice/avdevice.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/channel_layout.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

static const int cffmpeg_end_of_file = AVERROR_EOF;
static const int cffmpeg_try_again = AVERROR(EAGAIN);
static const int cffmpeg_interrupted = AVERROR_EXIT;
static const int cffmpeg_out_of_memory = AVERROR(ENOMEM);
static const int cffmpeg_invalid_media = AVERROR_INVALIDDATA;
static const int64_t cffmpeg_no_time = AV_NOPTS_VALUE;

// The error number of the system as FFmpeg counts it.
static inline int cffmpeg_error(int number) { return AVERROR(number); }

// A time in units of `base`, in microseconds.
static inline int64_t cffmpeg_microseconds(int64_t time, AVRational base) {
    const AVRational microsecond = {1, 1000000};
    return av_rescale_q(time, base, microsecond);
}

// How long a picture lasts in units of its stream's time base, 0 where that is not known.
static inline int64_t cffmpeg_duration(const AVFrame *picture) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
    return picture->duration;
#else
    return picture->pkt_duration;
#endif
}

// Degrees counterclockwise that the stream asks to be turned by on display, 0 where it does not.
static inline double cffmpeg_rotation(const AVStream *stream) {
    const uint8_t *matrix = NULL;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
    const AVPacketSideData *found = av_packet_side_data_get(
        stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data,
        AV_PKT_DATA_DISPLAYMATRIX);
    if (found && found->size >= 9 * sizeof(int32_t)) matrix = found->data;
#else
    size_t size = 0;
    matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (size < 9 * sizeof(int32_t)) matrix = NULL;
#endif
    return matrix ? av_display_rotation_get((const int32_t *)matrix) : 0;
}

// A scaler to I420, BT.601, limited range; NULL where swscale cannot. `matrix` and `full` describe the
// input, whatever of it is RGB is not asked for them. The type is hidden as FFmpeg 7.1 opened it.
static inline void *cffmpeg_scaler(
    int width, int height, int format, enum AVColorSpace matrix, int full, int to_width,
    int to_height, int flags) {
    struct SwsContext *scaler = sws_alloc_context();
    if (!scaler) return NULL;
    av_opt_set_int(scaler, "srcw", width, 0);
    av_opt_set_int(scaler, "srch", height, 0);
    av_opt_set_int(scaler, "src_format", format, 0);
    av_opt_set_int(scaler, "src_range", full, 0);
    av_opt_set_int(scaler, "dstw", to_width, 0);
    av_opt_set_int(scaler, "dsth", to_height, 0);
    av_opt_set_int(scaler, "dst_format", AV_PIX_FMT_YUV420P, 0);
    av_opt_set_int(scaler, "dst_range", 0, 0);
    av_opt_set_int(scaler, "sws_flags", flags, 0);
    const int *from = sws_getCoefficients(matrix);
    const int *to = sws_getCoefficients(SWS_CS_ITU601);
    // Before the start for the ranges, after it for the matrices: swscale 6 looks at both then.
    if (sws_init_context(scaler, NULL, NULL) < 0) {
        sws_freeContext(scaler);
        return NULL;
    }
    sws_setColorspaceDetails(scaler, from, full, to, 0, 0, 1 << 16, 1 << 16);
    return scaler;
}

// Scales one whole picture; negative where it fails.
static inline int cffmpeg_scale(void *scaler, const AVFrame *from, AVFrame *to) {
    return sws_scale(
        (struct SwsContext *)scaler, (const uint8_t *const *)from->data, from->linesize, 0,
        from->height, to->data, to->linesize);
}

// A converter of such sound to one channel of 32-bit floats at a rate; NULL where swresample has none.
static inline SwrContext *cffmpeg_resampler(const AVFrame *sound, int rate) {
    const AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    AVChannelLayout from = {0};
    if (sound->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&from, sound->ch_layout.nb_channels);
    else if (av_channel_layout_copy(&from, &sound->ch_layout) < 0)
        return NULL;
    SwrContext *resampler = NULL;
    int status = swr_alloc_set_opts2(
        &resampler, &mono, AV_SAMPLE_FMT_FLT, rate, &from, (enum AVSampleFormat)sound->format,
        sound->sample_rate, 0, NULL);
    av_channel_layout_uninit(&from);
    if (status >= 0) {
        // Two loud channels must not be louder than one can be.
        av_opt_set_double(resampler, "rematrix_maxval", 1.0, 0);
        status = swr_init(resampler);
    }
    if (status < 0) swr_free(&resampler);
    return resampler;
}

// Converts a frame, or what is left where there is none; the samples written, negative where it fails.
static inline int cffmpeg_resample(
    SwrContext *resampler, const AVFrame *sound, float *output, int room) {
    uint8_t *planes[] = {(uint8_t *)output};
    return swr_convert(
        resampler, planes, room, sound ? (const uint8_t **)sound->extended_data : NULL,
        sound ? sound->nb_samples : 0);
}

// Gives an encoder one channel of sound to expect.
static inline void cffmpeg_set_mono(AVCodecContext *encoder) {
    const AVChannelLayout mono = AV_CHANNEL_LAYOUT_MONO;
    av_channel_layout_copy(&encoder->ch_layout, &mono);
}

static inline void cffmpeg_scaler_free(void *scaler) {
    sws_freeContext((struct SwsContext *)scaler);
}

#endif
