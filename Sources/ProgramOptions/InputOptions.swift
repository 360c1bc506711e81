public import ArgumentParser
public import Capture
import Foundation
import Media
public import Pipeline

/// Options that say where pictures come from.
public struct InputOptions: ParsableArguments {
    /// The input.
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "A video file, '-' for a pipe, a camera such as /dev/video0, or 'head' for a rendered talking head.",
            valueName: "input"))
    public var input: String

    /// The part of it.
    @Option(
        help: ArgumentHelp(
            "The square of the input to send, in its pixels: left edge, top edge, side. Without it: the largest centred square.",
            valueName: "x,y,side"))
    public var crop: String?

    /// The name of FFmpeg's demuxer.
    @Option(
        help: ArgumentHelp(
            "FFmpeg's name of the input's format, where it cannot be told from the input (v4l2, lavfi, …).",
            valueName: "name"))
    public var format: String?

    /// Which rendered head.
    @Option(
        help: ArgumentHelp(
            "Which rendered head: each number is another person.", valueName: "number"))
    public var seed: UInt64?

    /// Makes options to be filled by the parser.
    public init() {}

    public func validate() throws {
        if let crop, Crop(crop) == nil {
            throw ValidationError(
                "--crop \(crop): write the left edge, the top edge and the side in pixels, such as 420,0,1080"
            )
        }
        if isHead, crop != nil || format != nil {
            throw ValidationError("--crop and --format mean nothing with --input head")
        }
        if !isHead, seed != nil { throw ValidationError("--seed needs --input head") }
    }

    private var isHead: Bool { input == "head" }

    /// Opens the input; `interruption` ends a wait for it, here and later.
    ///
    /// - Parameter wantsSound: whether its sound will be read, too, where it has any.
    /// - Throws: `CaptureError`.
    public func open(
        wantsSound: Bool = false, _ interruption: Interruption = Interruption()
    ) throws -> any PictureSource {
        if isHead { return HeadSource(seed: seed) }
        let input = VideoInput(self.input, format: format)
        let reader = try VideoReader(
            input, wantsSound: wantsSound, crop: crop.flatMap(Crop.init),
            interruption: interruption)
        return VideoSource(reader, isCamera: self.input.hasPrefix("/dev/") && input.isLive)
    }
}
