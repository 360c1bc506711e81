// libvpx for Swift: its headers, and functions for what Swift cannot call (macros, variadic functions).
#ifndef PANTOGRAPH_CVPX_SHIM_H
#define PANTOGRAPH_CVPX_SHIM_H

#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>
#include <vpx/vpx_encoder.h>

static inline vpx_codec_err_t cvpx_encoder_init(
    vpx_codec_ctx_t *context, const vpx_codec_enc_cfg_t *configuration) {
    return vpx_codec_enc_init(context, vpx_codec_vp8_cx(), configuration, 0);
}

static inline vpx_codec_err_t cvpx_decoder_init(
    vpx_codec_ctx_t *context, const vpx_codec_dec_cfg_t *configuration) {
    return vpx_codec_dec_init(context, vpx_codec_vp8_dx(), configuration, 0);
}

static inline vpx_codec_err_t cvpx_set_cpu_used(vpx_codec_ctx_t *context, int speed) {
    return vpx_codec_control(context, VP8E_SET_CPUUSED, speed);
}

static inline vpx_codec_err_t cvpx_frame_corrupted(vpx_codec_ctx_t *context, int *corrupted) {
    return vpx_codec_control(context, VP8D_GET_FRAME_CORRUPTED, corrupted);
}

#endif
