import CSDL2
import Media

/// The one owner of an SDL window with a streaming texture; bound to the thread that made it.
@safe struct Window: ~Copyable {
    private let window: OpaquePointer
    private let renderer: OpaquePointer
    private let texture: OpaquePointer
    private let size: PictureSize

    /// Starts SDL and opens a window `scale` times the size of the pictures.
    ///
    /// - Throws: ``PresentationError/noWindow(reason:)``.
    init(title: String, size: PictureSize, scale: Int) throws(PresentationError) {
        guard csdl_start() == 0 else { throw Self.failure() }
        let (width, height) = (Int32(size.width), Int32(size.height))
        guard let window = unsafe csdl_window(title, width * Int32(scale), height * Int32(scale))
        else {
            defer { csdl_stop() }
            throw Self.failure()
        }
        // SDL falls back on its software renderer by itself.
        guard let renderer = unsafe SDL_CreateRenderer(window, -1, 0),
            let texture = unsafe csdl_texture(renderer, width, height)
        else {
            defer {
                // Frees its renderer too.
                unsafe SDL_DestroyWindow(window)
                csdl_stop()
            }
            throw Self.failure()
        }
        // Bars on the sides instead of a stretched face.
        unsafe SDL_RenderSetLogicalSize(renderer, width, height)
        unsafe self.window = unsafe window
        unsafe self.renderer = unsafe renderer
        unsafe self.texture = unsafe texture
        self.size = size
    }

    deinit {
        unsafe SDL_DestroyTexture(texture)
        unsafe SDL_DestroyRenderer(renderer)
        unsafe SDL_DestroyWindow(window)
        csdl_stop()
    }

    /// Shows what the state offers until the window is closed or must end.
    func run(_ state: WindowState) {
        showBlack()
        while !state.mustEnd {
            // What is offered wakes the wait; the time only bounds the harm of a lost wake-up, and how
            // late a picture is that waits for its sound.
            let event = csdl_wait(state.isWaiting ? 4 : 20)
            if event == csdl_event_close { return }
            if let frame = state.take() {
                load(frame)
                draw()
            } else if event == csdl_event_redraw {
                draw()
            }
        }
    }

    /// A texture begins as zeros, which are green.
    private func showBlack() {
        let luma = [UInt8](repeating: 16, count: size.width * size.height)
        let chroma = [UInt8](repeating: 128, count: luma.count / 4)
        if let black = VideoFrame(size: size, time: .zero, y: luma, u: chroma, v: chroma) {
            load(black)
        }
        draw()
    }

    private func load(_ frame: VideoFrame) {
        let width = Int32(size.width)
        unsafe SDL_UpdateYUVTexture(
            texture, nil, frame.y, width, frame.u, width / 2, frame.v, width / 2)
    }

    private func draw() {
        unsafe SDL_RenderClear(renderer)
        unsafe SDL_RenderCopy(renderer, texture, nil, nil)
        unsafe SDL_RenderPresent(renderer)
    }

    private static func failure() -> PresentationError {
        let words = unsafe String(cString: SDL_GetError())
        return .noWindow(reason: words.isEmpty ? "SDL found no display" : words)
    }
}
