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
    /// How often it could not look; the call then went on with the sources it had.
    private(set) var failures = 0

    init(
        _ director: SourceDirector, plan: CallPlan, clock: SystemClock,
        statistics: JSONLinesWriter?
    ) {
        self.director = director
        room = SourceRoom(plan)
        promised = plan.rate
        self.clock = clock
        self.statistics = statistics
    }

    /// Whether the receiver has nothing to rebuild the present scene from: the last picture of the old one
    /// is better than a face that is not there.
    func isHolding(_ encoder: VideoEncoder) -> Bool {
        if awaited == encoder.sourceSet { awaited = nil }
        return awaited != nil
    }

    /// Takes what the last look came to, and begins another one where it is time.
    ///
    /// Never waits for a look: a call that is looked at seldom goes on all the same.
    func step(
        _ picture: VideoFrame, _ number: PictureNumber, _ encoder: VideoEncoder, _ call: SendCall,
        meter: inout CallMeter
    ) async throws(CodecError) {
        let wire = await call.wire.sent.size
        let sources = await call.statistics.sources
        let now = clock.now
        let rate = room.rate(
            of: min(promised, await call.targetBitrate), wire: wire, sources: sources,
            at: now.since(.zero))
        if let (result, since) = looking {
            guard let value = result.value else { return }
            looking = nil
            times.end(after: now.since(since), since: since)
            meter.add("look", now.since(since))
            switch value {
            case .success(let outcome): try await carryOut(outcome, encoder, call)
            case .failure: failures += 1
            }
        }
        guard times.isDue(at: now), let keypoints = encoder.codedKeypoints(of: number) else {
            return
        }
        times.begin(at: now)
        let view = SourceDirector.View(
            frame: picture, number: number, keypoints: keypoints, set: encoder.sourceSet,
            rate: rate, underWay: await call.unsentSources)
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
        _ outcome: SourceDirector.Outcome, _ encoder: VideoEncoder, _ call: SendCall
    ) async throws(CodecError) {
        statistics?.write(outcome.line)
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
