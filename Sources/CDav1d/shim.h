// dav1d for Swift: its headers, and functions for what Swift cannot call (macros).
#ifndef PANTOGRAPH_CDAV1D_SHIM_H
#define PANTOGRAPH_CDAV1D_SHIM_H

#include <dav1d/dav1d.h>
#include <errno.h>

// Settings for one picture at a time: one thread, nothing held back, nothing printed.
static inline void cdav1d_still_settings(Dav1dSettings *settings, unsigned int largest_pixel_count) {
    dav1d_default_settings(settings);
    settings->n_threads = 1;
    settings->max_frame_delay = 1;
    settings->apply_grain = 0;
    settings->frame_size_limit = largest_pixel_count;
    settings->logger.callback = NULL;
}

#endif
