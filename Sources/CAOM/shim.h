// libaom for Swift: its headers, and functions for what Swift cannot call (macros, variadic functions).
#ifndef PANTOGRAPH_CAOM_SHIM_H
#define PANTOGRAPH_CAOM_SHIM_H

#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

static inline aom_codec_err_t caom_default_configuration(
    aom_codec_enc_cfg_t *configuration, unsigned int usage) {
    return aom_codec_enc_config_default(aom_codec_av1_cx(), configuration, usage);
}

static inline aom_codec_err_t caom_encoder_init(
    aom_codec_ctx_t *context, const aom_codec_enc_cfg_t *configuration) {
    return aom_codec_enc_init(context, aom_codec_av1_cx(), configuration, 0);
}

static inline aom_codec_err_t caom_set_cpu_used(aom_codec_ctx_t *context, int speed) {
    return aom_codec_control(context, AOME_SET_CPUUSED, speed);
}

static inline aom_codec_err_t caom_set_quantizer(aom_codec_ctx_t *context, unsigned int quantizer) {
    return aom_codec_control(context, AOME_SET_CQ_LEVEL, quantizer);
}

static inline aom_codec_err_t caom_set_restoration(aom_codec_ctx_t *context, unsigned int is_enabled) {
    return aom_codec_control(context, AV1E_SET_ENABLE_RESTORATION, is_enabled);
}

static inline aom_codec_err_t caom_set_lossless(aom_codec_ctx_t *context, unsigned int is_enabled) {
    return aom_codec_control(context, AV1E_SET_LOSSLESS, is_enabled);
}

// The next picture refers to the first buffer, which the key frame filled as it did all others, and is kept in none.
static inline aom_codec_err_t caom_refer_to_first_only(aom_codec_ctx_t *context) {
    aom_svc_ref_frame_config_t references = {0};
    references.reference[0] = 1;
    return aom_codec_control(context, AV1E_SET_SVC_REF_FRAME_CONFIG, &references);
}

#endif
