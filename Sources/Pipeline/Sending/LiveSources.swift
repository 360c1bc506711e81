import Media
import Session
import VideoCoding

/// The choice of sources in a call in real time: looks beside it, since a look takes as long as rebuilding
/// some pictures and must never hold up the ones that are sent, and hands what is decided to the call.
final class LiveSources {
    private let director: SourceDirector
    private let clock: SystemClock
    private let statistics: JSONLinesWriter?
    private var room: SourceRoom
    private let promised: Bitrate
    private var times = LookClock()
    private var looking: (result: LookResult, since: Instant)?
    /// The set of a new scene, before which no keypoints are to be sent.
    private var awaited: SourceSetNumber?
    private let fallback: FallbackDirector?
    private var streamRoom: SourceRoom
    /// What the call left for the stream when it was asked last.
    private var streamRate = Bitrate(bitsPerSecond: 0)
    /// How often it could not look; the call then went on with the sources it had.
    private(set) var failures = 0

    init(
        _ director: SourceDirector, fallback: FallbackDirector?, plan: CallPlan,
        clock: SystemClock, statistics: JSONLinesWriter?
    ) {
        self.director = director
        self.fallback = fallback
        streamRoom = SourceRoom(plan)
        room = SourceRoom(plan)
        promised = plan.rate
        self.clock = clock
        self.statistics = statistics
    }

    /// Takes in the camera's next picture.
    ///
    /// - Returns: whether it is to be warped. Where the receiver has nothing to rebuild the present scene from,
    ///   the last picture of the old one is better than a face that is not there.
    func isWarping(
        _ picture: VideoFrame, _ number: PictureNumber, _ encoder: VideoEncoder
    ) -> Bool {
        if let awaited, encoder.hasReached(awaited) {
            self.awaited = nil
            write(fallback?.sourceArrived(number))
        }
        guard let fallback else { return awaited == nil }
        write(fallback.see(picture, number, rate: streamRate))
        return fallback.isWarping
    }

    /// Takes in what became of the stream's pictures.
    func take(_ event: FallbackDirector.StreamNews) { fallback?.take(event) }

    /// Sends what stands in the place of a picture's keypoints. These are found all the same: looks need them.
    func stand(
        _ picture: VideoFrame, _ number: PictureNumber, _ encoder: VideoEncoder, _ call: SendCall,
        perDatagram: Int
    ) async throws(CodecError) {
        for unit in try encoder.flush() { await call.add(.keypoints(unit)) }
        guard let fallback else { return }
        _ = try encoder.encode(picture, number: number)
        _ = try encoder.flush()
        let frames = try fallback.frames(
            picture, number, rate: streamRate, unsent: await call.unsentPictures,
            perDatagram: perDatagram)
        for frame in frames { await call.add(frame) }
    }

    private func write(_ line: FallbackLine?) {
        if let line { statistics?.write(line) }
    }

    /// Takes what the last look came to, and begins another one where it is time.
    ///
    /// Never waits for a look: a call that is looked at seldom goes on all the same.
    func step(
        _ picture: VideoFrame, _ number: PictureNumber, _ encoder: VideoEncoder, _ call: SendCall,
        meter: inout CallMeter
    ) async throws(CodecError) {
        let wire = await call.wire.sent.size
        let counts = await call.statistics
        let now = clock.now
        let target = min(promised, await call.targetBitrate)
        let rate = room.rate(
            of: target, wire: wire, sources: counts.sources, at: now.since(.zero))
        streamRate = streamRoom.rate(
            of: target, wire: wire, sources: counts.sources + counts.stream,
            at: now.since(.zero))
        if fallback?.takeEndOfStream() == true { await call.endStream() }
        if let (result, since) = looking {
            guard let value = result.value else { return }
            looking = nil
            times.end(after: now.since(since), since: since)
            meter.add("look", now.since(since))
            switch value {
            case .success(let outcome): try await carryOut(outcome, number, encoder, call)
            case .failure: failures += 1
            }
        }
        let isWanted = fallback?.wantsLook ?? false
        let isEarly = fallback?.wantsEarlyLook ?? false
        guard isWanted || times.isDue(at: now, isEarly: isEarly),
            let keypoints = encoder.codedKeypoints(of: number)
        else { return }
        times.begin(at: now)
        fallback?.look(at: number)
        let view = SourceDirector.View(
            frame: picture, number: number, keypoints: keypoints, set: encoder.sourceSet,
            rate: rate, underWay: await call.unsentSources, streamRate: streamRate,
            streamed: fallback?.streamed(in: picture.size))
        let result = LookResult()
        looking = (result, now)
        // Nobody else touches the director: the next look begins after this one has put its result.
        nonisolated(unsafe) let director = director
        Task.detached(priority: .utility) {
            do throws(CodecError) {
                result.put(.success(try unsafe director.look(at: view)))
            } catch {
                result.put(.failure(error))
            }
        }
    }

    private func carryOut(
        _ outcome: SourceDirector.Outcome, _ now: PictureNumber, _ encoder: VideoEncoder,
        _ call: SendCall
    ) async throws(CodecError) {
        statistics?.write(outcome.line)
        let looked = PictureNumber(UInt32(clamping: outcome.line.picture))
        write(fallback?.take(outcome.aside, of: looked, now: now))
        if let (source, set) = outcome.addition {
            try encoder.insert(source)
            encoder.insert(set)
            await call.add(.source(source.coded))
            await call.add(.sourceSet(set))
            if outcome.isNewScene { awaited = set.number }
        }
        for source in outcome.retired { encoder.remove(source) }
        for source in outcome.dropped { await call.drop(source) }
    }
}
