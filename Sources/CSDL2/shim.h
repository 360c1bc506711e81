// SDL2 for Swift: a window that shows pictures, with what SDL has as macros and unions put in functions.
#ifndef PANTOGRAPH_CSDL2_SHIM_H
#define PANTOGRAPH_CSDL2_SHIM_H

// SDL's own `main` is not wanted.
#define SDL_MAIN_HANDLED
// With its folder, so that no flag of pkg-config is needed: SwiftPM warns of SDL's -D_REENTRANT.
#include <SDL2/SDL.h>
#include <string.h>

// What csdl_wait() saw.
enum csdl_event { csdl_event_none, csdl_event_close, csdl_event_redraw };

// Starts SDL's video on this thread; 0 where it works.
static inline int csdl_start(void) {
    SDL_SetMainReady();
    // Ctrl-C stays the program's.
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_RENDER_SCALE_QUALITY, "linear");
    SDL_SetYUVConversionMode(SDL_YUV_CONVERSION_BT601);
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) return -1;
    // Without a display SDL draws into nothing, which is of use only to who asked for it.
    const char *driver = SDL_GetCurrentVideoDriver();
    if (driver && !strcmp(driver, "offscreen") && !SDL_GetHint("SDL_VIDEODRIVER")) {
        SDL_QuitSubSystem(SDL_INIT_VIDEO);
        return SDL_SetError("there is no display");
    }
    return 0;
}

static inline void csdl_stop(void) { SDL_QuitSubSystem(SDL_INIT_VIDEO); }

static inline SDL_Window *csdl_window(const char *title, int width, int height) {
    return SDL_CreateWindow(
        title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, width, height, SDL_WINDOW_RESIZABLE);
}

static inline SDL_Texture *csdl_texture(SDL_Renderer *renderer, int width, int height) {
    return SDL_CreateTexture(
        renderer, SDL_PIXELFORMAT_IYUV, SDL_TEXTUREACCESS_STREAMING, width, height);
}

// Waits for one event, up to so many milliseconds.
static inline enum csdl_event csdl_wait(int milliseconds) {
    SDL_Event event;
    if (!SDL_WaitEventTimeout(&event, milliseconds)) return csdl_event_none;
    switch (event.type) {
    case SDL_QUIT:
        return csdl_event_close;
    case SDL_KEYDOWN:
        return event.key.keysym.sym == SDLK_ESCAPE ? csdl_event_close : csdl_event_none;
    case SDL_WINDOWEVENT:
        return event.window.event == SDL_WINDOWEVENT_CLOSE ? csdl_event_close : csdl_event_redraw;
    default:
        return csdl_event_none;
    }
}

// Ends a csdl_wait() on another thread.
static inline void csdl_wake(void) {
    SDL_Event event;
    SDL_zero(event);
    event.type = SDL_USEREVENT;
    SDL_PushEvent(&event);
}

// Opens the system's speaker for one channel of floats at a rate, silent until it is let go; 0 where it
// fails. `length` is what it takes at once, in samples, as asked for and then as it is.
static inline SDL_AudioDeviceID csdl_open_speaker(int rate, int *length) {
    SDL_SetMainReady();
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    if (SDL_InitSubSystem(SDL_INIT_AUDIO) != 0) return 0;
    SDL_AudioSpec wanted, got;
    SDL_zero(wanted);
    wanted.freq = rate;
    wanted.format = AUDIO_F32SYS;
    wanted.channels = 1;
    wanted.samples = (Uint16)*length;
    const SDL_AudioDeviceID device = SDL_OpenAudioDevice(NULL, 0, &wanted, &got, 0);
    if (!device) {
        SDL_QuitSubSystem(SDL_INIT_AUDIO);
        return 0;
    }
    *length = got.samples;
    SDL_PauseAudioDevice(device, 0);
    return device;
}

static inline void csdl_close_speaker(SDL_AudioDeviceID device) {
    SDL_CloseAudioDevice(device);
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
}

// Chooses SDL's sound driver, as the variable SDL_AUDIODRIVER does, for starts after this.
static inline void csdl_choose_speaker(const char *name) { SDL_SetHint("SDL_AUDIODRIVER", name); }

// Chooses SDL's video driver, as the variable SDL_VIDEODRIVER does, for starts after this.
static inline void csdl_choose_driver(const char *name) { SDL_SetHint("SDL_VIDEODRIVER", name); }

// What a click on the window's close button does.
static inline void csdl_ask_to_close(void) {
    SDL_Event event;
    SDL_zero(event);
    event.type = SDL_QUIT;
    SDL_PushEvent(&event);
}

#endif
