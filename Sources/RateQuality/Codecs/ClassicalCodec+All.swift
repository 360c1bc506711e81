extension ClassicalCodec {
    /// All codecs, each as in a call and once slow.
    ///
    /// Real-time settings: no look-ahead, no reordering, one key picture at the start, one thread,
    /// no dropped pictures, and a fixed quantiser or constant quality, which at equal quality takes
    /// fewer bits than a constant rate does; the encoders' own real-time modes where they have one.
    /// `Examples/Measurements/rate-quality/README.md` has what else was tried.
    package static let all: [ClassicalCodec] = realTime + slow

    private static let realTime: [ClassicalCodec] = [
        ClassicalCodec(
            name: "vp8", title: "VP8 (libvpx)", use: .realTime, encoder: "libvpx", format: .vp8,
            options: [
                "-deadline", "realtime", "-cpu-used", "4", "-lag-in-frames", "0", "-b:v", "10M",
                "-qmin", "@", "-qmax", "@",
            ] + oneKeyPicture,
            quantizers: [63, 60, 56, 48, 38, 26, 16]),
        ClassicalCodec(
            name: "vp9", title: "VP9 (libvpx)", use: .realTime, encoder: "libvpx-vp9",
            format: .vp9,
            options: [
                "-deadline", "good", "-cpu-used", "5", "-lag-in-frames", "0", "-b:v", "0",
                "-crf", "@",
            ] + oneKeyPicture,
            quantizers: [63, 60, 56, 48, 40, 32, 24]),
        ClassicalCodec(
            name: "h264", title: "H.264 (x264)", use: .realTime, encoder: "libx264",
            format: .h264,
            options: ["-preset", "medium", "-tune", "zerolatency", "-crf", "@"] + oneKeyPicture,
            quantizers: [51, 48, 45, 40, 35, 30, 25, 21]),
        ClassicalCodec(
            name: "h265", title: "H.265 (x265)", use: .realTime, encoder: "libx265",
            format: .h265,
            options: ["-preset", "medium", "-tune", "zerolatency", "-crf", "@"] + x265,
            quantizers: [51, 48, 45, 40, 35, 30, 25, 21]),
        ClassicalCodec(
            name: "av1-svt", title: "AV1 (SVT-AV1)", use: .realTime, encoder: "libsvtav1",
            format: .av1,
            options: [
                "-preset", "7", "-crf", "@", "-g", "9999", "-svtav1-params",
                "pred-struct=1:rtc=1:lookahead=0:lp=1",
            ],
            quantizers: [63, 60, 58, 52, 45, 38, 30, 26]),
        ClassicalCodec(
            name: "av1-aom", title: "AV1 (libaom)", use: .realTime, encoder: "libaom-av1",
            format: .av1,
            options: [
                "-usage", "realtime", "-cpu-used", "6", "-lag-in-frames", "0", "-b:v", "0",
                "-crf", "@",
            ] + oneKeyPicture,
            quantizers: [63, 60, 58, 52, 45, 38, 30, 20]),
        ClassicalCodec(
            name: "h266", title: "H.266 (VVenC)", use: .realTime, encoder: "libvvenc",
            format: .h266,
            options: vvenc + [
                "-preset", "faster", "-vvenc-params",
                "gopsize=8:picreordering=0:decodingrefreshtype=0:poc0idr=1:mctf=0:bim=0",
            ],
            quantizers: [56, 50, 45, 41, 37, 32, 27, 18]),
    ]

    private static let slow: [ClassicalCodec] = [
        ClassicalCodec(
            name: "vp8-slow", title: "VP8, slow", use: .slow, encoder: "libvpx", format: .vp8,
            options: [
                "-deadline", "best", "-auto-alt-ref", "1", "-lag-in-frames", "25", "-b:v", "10M",
                "-qmin", "@", "-qmax", "@",
            ] + oneKeyPicture,
            quantizers: [63, 52, 38, 22]),
        ClassicalCodec(
            name: "vp9-slow", title: "VP9, slow", use: .slow, encoder: "libvpx-vp9", format: .vp9,
            options: [
                "-deadline", "good", "-cpu-used", "1", "-lag-in-frames", "25", "-b:v", "0",
                "-crf", "@",
            ] + oneKeyPicture,
            quantizers: [63, 55, 44, 32]),
        ClassicalCodec(
            name: "h264-slow", title: "H.264, slow", use: .slow, encoder: "libx264",
            format: .h264, options: ["-preset", "veryslow", "-crf", "@"] + oneKeyPicture,
            quantizers: [50, 42, 34, 26]),
        ClassicalCodec(
            name: "h265-slow", title: "H.265, slow", use: .slow, encoder: "libx265",
            format: .h265, options: ["-preset", "slower", "-crf", "@"] + x265,
            quantizers: [50, 42, 34, 26]),
        ClassicalCodec(
            name: "av1-svt-slow", title: "AV1 (SVT-AV1), slow", use: .slow, encoder: "libsvtav1",
            format: .av1,
            options: ["-preset", "3", "-crf", "@", "-g", "9999", "-svtav1-params", "lp=1"],
            quantizers: [63, 55, 45, 33]),
        ClassicalCodec(
            name: "av1-aom-slow", title: "AV1 (libaom), slow", use: .slow, encoder: "libaom-av1",
            format: .av1,
            options: ["-usage", "good", "-cpu-used", "3", "-b:v", "0", "-crf", "@"]
                + oneKeyPicture,
            quantizers: [63, 55, 45, 33]),
        ClassicalCodec(
            name: "h266-slow", title: "H.266 (VVenC), slow", use: .slow, encoder: "libvvenc",
            format: .h266,
            options: vvenc + [
                "-preset", "medium", "-vvenc-params", "decodingrefreshtype=idr",
            ],
            quantizers: [48, 42, 36, 29]),
    ]

    private static let oneKeyPicture = ["-g", "9999", "-threads", "1"]
    private static let x265 = [
        "-g", "9999", "-x265-params", "pools=none:frame-threads=1:info=0:keyint=-1:log-level=none",
    ]
    private static let vvenc = [
        "-pix_fmt", "yuv420p10le", "-qpa", "0", "-qp", "@", "-period", "9999", "-threads", "1",
    ]
}
