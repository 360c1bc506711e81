import Foundation
import Media
import Pipeline
import Presentation
import Security
import Session
import TestSupport
import Testing
import UDPTransport

/// Both pipelines over loopback sockets with codecs that need no network.
@Suite struct LiveCallTests {
    /// Keeps what it is shown.
    private final class Album: SoundSink {
        let isClosed = false
        private(set) var hasSound = false
        private(set) var sound: [AudioFrame] = []
        private(set) var times: [MediaTime] = []
        private(set) var isFinished = false

        func show(_ frame: VideoFrame) { times.append(frame.time) }
        func startSound() { hasSound = true }
        func play(_ frame: AudioFrame) { sound.append(frame) }
        func finish() { isFinished = true }
    }

    /// A tone of so many samples.
    private final class Tone: SoundSource {
        private var next = 0
        private let count: Int

        init(samples count: Int) { self.count = count }

        func sound(until time: MediaTime) -> AudioFrame? {
            let end = min(time.sample, count)
            guard end > next else { return nil }
            defer { next = end }
            let samples = (next..<end).map { $0 / 60 % 2 == 0 ? Float(0.3) : -0.3 }
            return AudioFrame(time: MediaTime(sample: next), samples: samples)
        }
    }

    private static let hash = [UInt8](repeating: 1, count: 32)
    private static let credentials: Credentials? = {
        var random = SplitMix64(seed: 3)
        return .shared(PreSharedKey(using: &random))
    }()

    /// A receiver of small pictures; what it came to, and when its pictures were shown.
    private static func receive(
        on transport: UDPTransport, until stop: AsyncStream<Void>, duration: Duration? = nil,
        credentials: Credentials? = credentials
    ) async throws -> (line: StatisticsLine, times: [MediaTime]) {
        let (line, album) = try await receiveAll(
            on: transport, until: stop, duration: duration, credentials: credentials)
        return (line, album.times)
    }

    /// The same with all that was played.
    private static func receiveAll(
        on transport: UDPTransport, until stop: AsyncStream<Void>, duration: Duration? = nil,
        credentials: Credentials? = credentials, trace: JSONLinesWriter? = nil
    ) async throws -> (line: StatisticsLine, album: Album) {
        let album = Album()
        var options = ReceivePipeline.Options(
            playout: .recording, weightsHash: hash, credentials: credentials)
        options.size = SyntheticPictures.size
        options.duration = duration
        let pipeline = ReceivePipeline(
            decoder: try StubCodec.decoder(), sink: album, options: options, statistics: nil,
            trace: trace, progress: ProgressLine(isWanted: false), notice: { _ in })
        let line = try await pipeline.run(on: transport, until: stop)
        #expect(album.isFinished)
        return (line, album)
    }

    private static func send(
        pictures: Int, sound: Int? = nil, to port: UInt16, hash: [UInt8] = Self.hash,
        size: PictureSize = SyntheticPictures.size, stills: [VideoFrame] = [],
        credentials: Credentials? = credentials, timeout: Duration = .seconds(90),
        trace: JSONLinesWriter? = nil
    ) async throws -> StatisticsLine {
        let plan = try present(
            CallPlan(rate: Bitrate(kilobitsPerSecond: 200), hasSound: sound != nil))
        var options = SendPipeline.Options(
            endpoint: Endpoint(host: "127.0.0.1", port: port), weightsHash: hash,
            credentials: credentials, plan: plan)
        options.size = size
        options.timeout = timeout
        let pipeline = SendPipeline(
            encoder: try StubCodec.encoder(), options: options, statistics: nil, trace: trace,
            progress: ProgressLine(isWanted: false))
        return try await pipeline.run(
            SpotClip(pictures: pictures), sound: sound.map { .file(Tone(samples: $0)) },
            stills: stills, until: .never)
    }

    private static func listen() async throws -> UDPTransport {
        try await UDPTransport.listen(at: Endpoint(host: "127.0.0.1", port: 0))
    }

    @Test func everyPictureArrives() async throws {
        let transport = try await Self.listen()
        async let received = Self.receive(on: transport, until: .never)
        let sent = try await Self.send(pictures: 50, to: transport.localAddress.port)
        let (line, times) = try await received
        #expect(sent.pictures == 50)
        #expect(line.pictures == 50)
        #expect(line.lostPictures == 0)
        #expect(times == (0..<50).map { PictureRate.standard.time(ofPicture: $0) })
        #expect(line.end == "the sender said goodbye: finished")
        #expect(sent.end == "this end said goodbye: finished")
        #expect(sent.sources == 1)
    }

    @Test func aCallWithoutKeysWorksAsWell() async throws {
        let transport = try await Self.listen()
        async let received = Self.receive(on: transport, until: .never, credentials: nil)
        let sent = try await Self.send(
            pictures: 20, to: transport.localAddress.port, credentials: nil)
        #expect(try await received.line.pictures == 20)
        #expect(sent.end == "this end said goodbye: finished")
    }

    /// As when a telephone leaves one network for another, or its router forgets it.
    @Test func theSenderMayMoveInTheMiddle() async throws {
        let transport = try await Self.listen()
        async let received = Self.receive(on: transport, until: .never)
        let mover = try await MovingPath(to: transport.localAddress.port, moveAfter: 20)
        let moving = Task { await mover.run() }
        let sent = try await Self.send(pictures: 60, to: mover.port)
        let (line, _) = try await received
        moving.cancel()
        #expect(await mover.hasMoved)
        #expect(sent.end == "this end said goodbye: finished")
        #expect(line.end == "the sender said goodbye: finished")
        #expect(line.pictures == 60)
    }

    @Test func callersWithAnotherKeyOrNoneAreNotAnswered() async throws {
        let transport = try await Self.listen()
        let port = transport.localAddress.port
        let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
        async let received = Self.receive(on: transport, until: stop)
        var random = SplitMix64(seed: 4)
        let other = Credentials.shared(PreSharedKey(using: &random))
        let endpoint = Endpoint(host: "127.0.0.1", port: port)
        await #expect(throws: CallError.noSealedAnswer(endpoint, seconds: 1)) {
            _ = try await Self.send(
                pictures: 3, to: port, credentials: other, timeout: .seconds(1))
        }
        await #expect(throws: CallError.noAnswer(endpoint, seconds: 1, refused: false)) {
            _ = try await Self.send(
                pictures: 3, to: port, credentials: nil, timeout: .seconds(1))
        }
        stopper.yield()
        let (line, _) = try await received
        #expect(line.rejectedDatagrams >= 2 && line.returnWireBytes == 0)
    }

    /// As when whoever waited for it goes on with something else.
    @Test func aReceiverThatNobodyCallsEndsWhenCancelled() async throws {
        let transport = try await Self.listen()
        let receiving = Task { try await Self.receive(on: transport, until: .never).line }
        receiving.cancel()
        #expect(try await receiving.value.pictures == 0)
    }

    /// An older or newer program is not answered, and the user is told why.
    @Test(arguments: [[0x43] + [UInt8](repeating: 9, count: 85), [3, 0, 1, 2, 3, 4, 0, 0, 4]])
    func callersOfAnotherVersionAreNotAnsweredAndTold(question: [UInt8]) async throws {
        let transport = try await Self.listen()
        let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
        let (notices, teller) = AsyncStream.makeStream(of: String.self)
        var options = ReceivePipeline.Options(
            playout: .recording, weightsHash: Self.hash, credentials: Self.credentials)
        options.size = SyntheticPictures.size
        let pipeline = ReceivePipeline(
            decoder: try StubCodec.decoder(), sink: Album(), options: options, statistics: nil,
            progress: ProgressLine(isWanted: false), notice: { teller.yield($0) })
        let caller = try await UDPTransport.connect(
            to: Endpoint(host: "127.0.0.1", port: transport.localAddress.port))
        caller.send(question)
        let telling = Task {
            defer { stopper.yield() }
            return await notices.first { _ in true }
        }
        let line = try await pipeline.run(on: transport, until: stop)
        let said = try #require(await telling.value)
        #expect(said.contains("version 3") && said.contains("version \(SecurityConstants.version)"))
        #expect(line.rejectedDatagrams == 1 && line.returnWireBytes == 0)
        await caller.close()
    }

    /// Both ends' traces name the same pictures, by one clock.
    @Test func tracesTellWhenPicturesWereTakenAndShown() async throws {
        let folder = try TemporaryFolder()
        let transport = try await Self.listen()
        let port = transport.localAddress.port
        let path = folder.file("shown.jsonl")
        async let received = Self.receiveAll(
            on: transport, until: .never, trace: try JSONLinesWriter(path: path))
        _ = try await Self.send(
            pictures: 50, to: port, trace: try JSONLinesWriter(path: folder.file("taken.jsonl")))
        _ = try await received
        let (taken, shown) = try (Self.lines(folder.file("taken.jsonl")), Self.lines(path))
        #expect(taken.map(\.picture) == Array(0..<50) && shown.map(\.picture) == Array(0..<50))
        #expect(taken.allSatisfy { $0.event == .taken })
        #expect(shown.allSatisfy { $0.event == .keypoints })
        for (before, after) in zip(taken, shown) { #expect(before.clock < after.clock) }
        for (later, earlier) in zip(taken.dropFirst(), taken) {
            #expect(abs(later.clock - earlier.clock - 0.04) < 1e-5)
        }
    }

    private static func lines(_ path: String) throws -> [PictureLine] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(PictureLine.self, from: Data($0.utf8))
        }
    }

    /// Sound that is longer than the pictures is cut off, shorter one goes on as silence.
    @Test(arguments: [200_000, 48_000])
    func soundComesWithThePictures(samples: Int) async throws {
        let transport = try await Self.listen()
        async let received = Self.receiveAll(on: transport, until: .never)
        let sent = try await Self.send(
            pictures: 50, sound: samples, to: transport.localAddress.port)
        let (line, album) = try await received
        #expect(album.hasSound)
        #expect(line.pictures == 50)
        #expect(line.lostVoiceSeconds == 0)
        // A tick more or less than the pictures' two seconds.
        #expect(try #require(line.dueVoiceSeconds).rounded() == 2)
        #expect(try present(sent.voiceBytes) > 500)
        #expect(line.voiceBytes == sent.voiceBytes)
        // A datagram for each picture, with its sound, and those of the source.
        #expect(sent.datagrams < 70)
        var place = 0
        for frame in album.sound {
            #expect(frame.firstSample == place)
            place = frame.endSample
        }
        // To the end of the last picture, or of the datagram that it shares.
        #expect((96_000...101_760).contains(place))
        let played = album.sound.flatMap(\.samples)
        try #require(played.count > 95_000)
        #expect(played[9600..<40_000].contains { abs($0) > 0.1 })
        #expect(played[80_000..<95_000].contains { abs($0) > 0.1 } == (samples > 96_000))
    }

    @Test func aCallWithoutSoundHasNone() async throws {
        let transport = try await Self.listen()
        async let received = Self.receiveAll(on: transport, until: .never)
        let sent = try await Self.send(pictures: 10, to: transport.localAddress.port)
        let (line, album) = try await received
        #expect(!album.hasSound && album.sound.isEmpty)
        #expect(sent.voiceBytes == nil && line.voiceBytes == nil)
    }

    @Test func aDurationIsKeptToThePicture() async throws {
        let transport = try await Self.listen()
        async let received = Self.receive(
            on: transport, until: .never, duration: .milliseconds(400))
        let sent = try await Self.send(pictures: 500, to: transport.localAddress.port)
        #expect(try await received.times.count == 10)
        #expect(sent.end == "the receiver said goodbye: finished")
    }

    @Test func refusalsAreErrorsWithTheirReason() async throws {
        let transport = try await Self.listen()
        let port = transport.localAddress.port
        let (stop, stopper) = AsyncStream.makeStream(of: Void.self)
        async let received = Self.receive(on: transport, until: stop)
        await #expect(throws: CallError.weightsDiffer) {
            _ = try await Self.send(pictures: 3, to: port, hash: [UInt8](repeating: 2, count: 32))
        }
        await #expect(throws: CallError.unsupported) {
            _ = try await Self.send(pictures: 3, to: port, size: .standard)
        }
        // Neither of them is a call: the receiver still waits for one.
        stopper.yield()
        let (line, times) = try await received
        #expect(line.end == "this end said goodbye: finished")
        #expect(times.isEmpty)
    }

    @Test func theSourceSetHasItsLimits() async throws {
        await #expect(throws: CallError.noPictures) {
            _ = try await Self.send(pictures: 0, to: 9)
        }
        let still = try present(SyntheticPictures.spot(0))
        await #expect(throws: CallError.sourceCount(9)) {
            _ = try await Self.send(
                pictures: 3, to: 9, stills: [VideoFrame](repeating: still, count: 9))
        }
    }
}

extension AsyncStream<Void> {
    /// A wish that is never spoken.
    fileprivate static var never: AsyncStream<Void> { AsyncStream { _ in } }
}
