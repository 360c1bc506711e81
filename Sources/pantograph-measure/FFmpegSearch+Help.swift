import ArgumentParser
import RateQuality

extension FFmpegSearch {
    /// What the option says.
    static let help = ArgumentHelp(
        "The ffmpeg program, a path or a name. If not given: that of the Python package imageio-ffmpeg, else ffmpeg.",
        valueName: "program")
}
