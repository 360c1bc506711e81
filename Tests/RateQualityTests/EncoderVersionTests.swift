import RateQuality
import Testing

/// What ffmpeg of September 2026 prints with each encoder.
@Suite("Encoder versions")
struct EncoderVersionTests {
    @Test(arguments: [
        ("[libvpx @ 0x56351d087980] v1.17.0\n", "v1.17.0"),
        ("[libaom-av1 @ 0x5559fe6ac980] v3.15.1\n", "v3.15.1"),
        ("x265 [info]: HEVC encoder version 4.3+49-020d7054\n", "4.3+49-020d7054"),
        (
            "Svt[info]: SVT [version]:\tSVT-AV1 Encoder Lib v4.2.0-151-g5ed9ffbcb\n",
            "v4.2.0-151-g5ed9ffbcb"
        ),
        ("[libvvenc @ 0x55cab8859980] libvvenc version: 1.15.0-dev\n", "1.15.0-dev"),
        ("x264 - core 165 - H.264/MPEG-4 AVC codec - Copyleft", "core 165"),
    ])
    func areFoundInWhatIsPrinted(words: String, version: String) {
        #expect(EncoderVersion.find(in: "encoder : Lavc63.1.102\n" + words) == version)
    }

    @Test func whoSaysNothingHasNone() {
        #expect(EncoderVersion.find(in: "[h264 @ 0x1] frame I:1 Avg QP:11.00") == nil)
    }
}
