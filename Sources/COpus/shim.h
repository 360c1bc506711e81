// libopus for Swift: its headers, and functions for what Swift cannot call (macros, variadic functions).
#ifndef PANTOGRAPH_COPUS_SHIM_H
#define PANTOGRAPH_COPUS_SHIM_H

// With its folder, so that no flag of pkg-config is needed.
#include <opus/opus.h>

static inline int copus_set_bitrate(OpusEncoder *encoder, opus_int32 bits) {
    return opus_encoder_ctl(encoder, OPUS_SET_BITRATE(bits));
}

// Everything about an encoder that stays for its life; the first error, OPUS_OK where there is none.
static inline int copus_configure(
    OpusEncoder *encoder, opus_int32 complexity, opus_int32 dtx, opus_int32 fec, opus_int32 loss) {
    const int results[] = {
        opus_encoder_ctl(encoder, OPUS_SET_SIGNAL(OPUS_SIGNAL_VOICE)),
        opus_encoder_ctl(encoder, OPUS_SET_MAX_BANDWIDTH(OPUS_BANDWIDTH_WIDEBAND)),
        opus_encoder_ctl(encoder, OPUS_SET_VBR(1)),
        opus_encoder_ctl(encoder, OPUS_SET_VBR_CONSTRAINT(1)),
        opus_encoder_ctl(encoder, OPUS_SET_COMPLEXITY(complexity)),
        opus_encoder_ctl(encoder, OPUS_SET_DTX(dtx)),
        opus_encoder_ctl(encoder, OPUS_SET_INBAND_FEC(fec)),
        opus_encoder_ctl(encoder, OPUS_SET_PACKET_LOSS_PERC(loss)),
    };
    for (unsigned i = 0; i < sizeof results / sizeof *results; i++)
        if (results[i] != OPUS_OK) return results[i];
    return OPUS_OK;
}

// Samples by which what is decoded lags behind what was encoded; negative where it fails.
static inline opus_int32 copus_lookahead(OpusEncoder *encoder) {
    opus_int32 samples = 0;
    const int result = opus_encoder_ctl(encoder, OPUS_GET_LOOKAHEAD(&samples));
    return result == OPUS_OK ? samples : result;
}

#endif
