import Capture
import Foundation
import Media
import Presentation
import TestSupport
import Testing

@Suite struct SoundTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A WAV file (RIFF, 16-bit PCM) of a tone in every channel.
    static func wav(rate: Int, channels: Int, seconds: Double, hertz: Double = 400) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: Int, _ count: Int) {
            for shift in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
        }
        let frames = Int(Double(rate) * seconds)
        bytes += Array("RIFF".utf8)
        append(36 + frames * channels * 2, 4)
        bytes += Array("WAVEfmt ".utf8)
        append(16, 4)
        append(1, 2)
        append(channels, 2)
        append(rate, 4)
        append(rate * channels * 2, 4)
        append(channels * 2, 2)
        append(16, 2)
        bytes += Array("data".utf8)
        append(frames * channels * 2, 4)
        for index in 0..<frames {
            let value = 12_000 * sin(2 * .pi * hertz * Double(index) / Double(rate))
            for _ in 0..<channels { append(Int(value), 2) }
        }
        return bytes
    }

    private static func all(_ reader: SoundReader, step: Int = 1920) throws -> [Float] {
        var samples: [Float] = []
        var end = step
        while let frame = try reader.sound(until: MediaTime(sample: end)) {
            #expect(frame.firstSample == samples.count)
            #expect(frame.samples.count <= step)
            samples += frame.samples
            end += step
        }
        return samples
    }

    @Test(arguments: [
        (8000, 1), (11_025, 2), (16_000, 1), (44_100, 2), (48_000, 1), (48_000, 6), (96_000, 2),
        (192_000, 8),
    ])
    func anySoundBecomesOneChannelAt48000(rate: Int, channels: Int) throws {
        let path = try folder.write(
            Self.wav(rate: rate, channels: channels, seconds: 1.5), to: "a.wav")
        let reader = try SoundReader(VideoInput(path))
        #expect(!reader.isLive)
        let samples = try Self.all(reader)
        #expect(abs(samples.count - 72_000) < 100)
        #expect(samples.allSatisfy { abs($0) <= 1 })
        // 400 Hz: as many times through zero.
        let middle = samples[12_000..<60_000]
        let crossings = zip(middle, middle.dropFirst()).filter { $0 < 0 && $1 >= 0 }.count
        #expect(abs(crossings - 400) <= 2)
        let loudest = try #require(middle.max())
        #expect(loudest > 0.2 && loudest <= 1)
    }

    @Test(arguments: ["mkv", "mp4", "mov", "webm", "avi", "ts"])
    func theSoundOfAVideoIsInStepWithItsPictures(ending: String) throws {
        let path = folder.file("clip.\(ending)")
        try Self.writeFlashAndClap(to: path)
        let reader = try VideoReader(VideoInput(path), wantsSound: true)
        #expect(reader.hasSound)
        var flashes: [Double] = []
        var samples: [Float] = []
        var wasBright = false
        while let frame = try reader.next() {
            let isBright = frame.middle > 150
            if isBright, !wasBright { flashes.append(Double(frame.time.microseconds) / 1e6) }
            wasBright = isBright
            let end = frame.time.advanced(by: .milliseconds(40))
            if let sound = try reader.sound(until: end) {
                #expect(sound.firstSample == samples.count)
                samples += sound.samples
            }
        }
        #expect(flashes == [1, 2, 3])
        for flash in flashes {
            let start = Int(flash * 48_000)
            let onset = samples[(start - 9600)..<min(samples.count, start + 9600)].firstIndex {
                abs($0) > 0.1
            }
            #expect(abs(try #require(onset) - start) < 480, "10 ms")
        }
    }

    /// Four seconds with a bright picture and a loud tone together at 1, 2 and 3 s.
    static func writeFlashAndClap(to path: String) throws {
        let writer = try VideoFileWriter(path: path)
        try writer.startSound()
        for number in 0..<100 {
            let isOn = number >= 25 && number % 25 < 3
            let time = PictureRate.standard.time(ofPicture: number)
            let sound = (0..<1920).map { isOn ? Float(0.5 * cos(Double($0) * 0.13)) : 0 }
            try writer.play(AudioFrame(time: time, samples: sound))
            let luma = [UInt8](repeating: isOn ? 220 : 40, count: 256 * 256)
            let chroma = [UInt8](repeating: 128, count: 128 * 128)
            let frame = try #require(
                VideoFrame(size: .standard, time: time, y: luma, u: chroma, v: chroma))
            try writer.show(frame)
        }
        try writer.finish()
    }

    @Test func aPipeHasSoundToo() throws {
        let path = folder.file("clip.mkv")
        try Self.writeFlashAndClap(to: path)
        let pipe = Pipe()
        let bytes = try Data(contentsOf: URL(filePath: path))
        Thread.detachNewThread {
            try? pipe.fileHandleForWriting.write(contentsOf: bytes)
            try? pipe.fileHandleForWriting.close()
        }
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        let reader = try VideoReader(VideoInput(fileDescriptor: descriptor), wantsSound: true)
        var pictures = 0
        var samples = 0
        while let frame = try reader.next() {
            pictures += 1
            let end = frame.time.advanced(by: .milliseconds(40))
            samples += try reader.sound(until: end)?.samples.count ?? 0
        }
        #expect(pictures == 100)
        #expect(samples == 192_000)
    }

    @Test func whatHasNoSoundSaysSo() throws {
        let silent = try folder.write(Y4MClip(luma: [50, 60]).bytes, to: "a.y4m")
        let reader = try VideoReader(VideoInput(silent), wantsSound: true)
        #expect(!reader.hasSound)
        #expect(try reader.next() != nil)
        #expect(try reader.sound(until: MediaTime(sample: 4800)) == nil)
        #expect(throws: CaptureError.noSound(VideoInput(silent))) {
            _ = try SoundReader(VideoInput(silent))
        }
        // Sound that nobody asked for costs nothing and does no harm.
        try Self.writeFlashAndClap(to: folder.file("clip.mkv"))
        let pictures = try VideoReader(VideoInput(folder.file("clip.mkv")))
        #expect(!pictures.hasSound)
        var count = 0
        while try pictures.next() != nil { count += 1 }
        #expect(count == 100)
    }

    @Test func whatIsNoSoundIsRefused() throws {
        let noise = try folder.write((0..<5000).map { UInt8($0 * $0 % 251) }, to: "noise.ogg")
        for input in [
            VideoInput(noise), VideoInput(folder.file("missing.wav")),
            VideoInput("no-such-card", format: "alsa"), VideoInput("x", format: "nonsense"),
        ] {
            let error = #expect(throws: CaptureError.self, "\(input)") {
                _ = try SoundReader(input)
            }
            #expect(error?.description.contains("\(input)") == true)
        }
    }

    @Test func soundThatIsCutOffEndsEarly() throws {
        let bytes = Self.wav(rate: 16_000, channels: 1, seconds: 1)
        for count in stride(from: bytes.count - 1, to: 100, by: -3997) {
            let path = try folder.write(Array(bytes.prefix(count)), to: "cut.wav")
            let samples = try Self.all(try SoundReader(VideoInput(path)))
            #expect(abs(samples.count - (count - 44) / 2 * 3) < 200)
        }
    }

    /// A filter's source behaves as a microphone does: pieces of its own length, one after another.
    @Test func aDeviceGivesPieces() throws {
        let reader = try SoundReader(
            VideoInput("sine=frequency=500:duration=1:sample_rate=44100", format: "lavfi"))
        var samples = 0
        var pieces = 0
        while let frame = try reader.next() {
            #expect(frame.firstSample == samples)
            samples += frame.samples.count
            pieces += 1
        }
        #expect(pieces > 5)
        #expect(abs(samples - 48_000) < 100)
    }
}
