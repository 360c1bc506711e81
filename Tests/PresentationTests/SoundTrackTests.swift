import Capture
import Foundation
import Media
import Presentation
import TestSupport
import Testing

@Suite struct SoundTrackTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ path: String) throws -> (pictures: Int, samples: [Float]) {
        let reader = try VideoReader(VideoInput(path), wantsSound: true)
        var pictures = 0
        var samples: [Float] = []
        while let frame = try reader.next() {
            pictures += 1
            let end = frame.time.advanced(by: .milliseconds(40))
            samples += try reader.sound(until: end)?.samples ?? []
        }
        return (pictures, samples)
    }

    @Test(arguments: ["mkv", "mp4", "mov", "webm", "avi", "ts"])
    func soundGapsAndOverlapsKeepTheTime(ending: String) throws {
        let path = folder.file("clip.\(ending)")
        let writer = try VideoFileWriter(path: path)
        try writer.startSound()
        let tone = (0..<9600).map { Float(0.5 * sin(Double($0) * 0.05)) }
        for number in 0..<50 { try writer.show(#require(movingPicture(number))) }
        try writer.play(AudioFrame(time: .zero, samples: tone))
        // Half of this is there already; then comes a gap of 0.7 s.
        try writer.play(AudioFrame(time: MediaTime(sample: 4800), samples: tone))
        try writer.play(AudioFrame(time: MediaTime(sample: 48_000), samples: tone))
        try writer.finish()
        let (pictures, samples) = try read(path)
        #expect(pictures == 50)
        func loudness(_ range: Range<Int>) -> Float {
            samples[range].reduce(0) { $0 + abs($1) } / Float(range.count)
        }
        #expect(loudness(1000..<14_000) > 0.2)
        #expect(loudness(16_000..<47_000) < 0.01)
        #expect(loudness(49_000..<57_000) > 0.2)
    }

    @Test func aCallThatBeginsInTheMiddleBeginsAtZero() throws {
        let path = folder.file("clip.mkv")
        let writer = try VideoFileWriter(path: path)
        try writer.startSound()
        for number in 1000..<1025 {
            let time = PictureRate.standard.time(ofPicture: number)
            try writer.play(
                AudioFrame(time: time, samples: [Float](repeating: 0.3, count: 1920)))
            try writer.show(#require(movingPicture(number)))
        }
        try writer.finish()
        let (pictures, samples) = try read(path)
        #expect(pictures == 25)
        #expect(abs(samples.count - 48_000) < 2000)
    }

    @Test func whereThereIsNoPlaceForSoundItIsSaid() throws {
        let path = folder.file("clip.y4m")
        let writer = try VideoFileWriter(path: path)
        #expect(throws: PresentationError.noSound(path: path)) { try writer.startSound() }
        // The pictures go on without.
        try writer.play(AudioFrame(time: .zero, samples: [0]))
        try writer.show(#require(movingPicture(0)))
        try writer.finish()
        #expect(try read(path).pictures == 1)
    }

    @Test func withoutSoundThereIsNoTrack() throws {
        let path = folder.file("clip.mkv")
        let writer = try VideoFileWriter(path: path)
        try writer.show(#require(movingPicture(0)))
        try writer.finish()
        #expect(try !VideoReader(VideoInput(path), wantsSound: true).hasSound)
    }
}
