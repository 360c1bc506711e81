import Media
public import NetworkEmulation
public import Session
public import VideoCoding

/// A call in which both ends send, in one process on a virtual clock.
///
/// Sessions, packing, congestion control, keypoints and the first sources are those of real calls, the voice is a
/// filler of the right size; nothing is sealed, though counted so, and nothing is rebuilt: a picture counts as
/// shown where its keypoints are there when it is due.
public final class TwoWaySimulation {
    private let ends: [TwoWayEnd]
    private let clips: [any PictureSource]
    private let firsts: [VideoFrame]
    private var links: [EmulatedLink]
    private let addresses: [NetworkAddress]
    private var turns: [LinkTurn]
    private let interval: Duration
    private var now = Instant.zero

    /// Puts both ends together.
    ///
    /// - Parameters:
    ///   - plan: how each of them uses its rate.
    ///   - clips: what each of them sees.
    ///   - encoders: what codes it.
    ///   - link: what lies between them.
    ///   - sharesDatagrams: whether acknowledgements go along with what goes out; alone only to compare.
    /// - Throws: ``CallError``, `CodecError`, and what a clip throws.
    public init(
        _ plan: CallPlan, clips: (any PictureSource, any PictureSource),
        encoders: (VideoEncoder, VideoEncoder), link: NamedLink, seed: UInt64,
        sharesDatagrams: Bool
    ) throws {
        self.clips = [clips.0, clips.1]
        firsts = try self.clips.map { clip in
            guard let first = try clip.next() else { throw CallError.noPictures }
            return first
        }
        ends = try zip([encoders.0, encoders.1], firsts).map { encoder, first in
            try TwoWayEnd(plan, encoder, first: first, sharesDatagrams: sharesDatagrams)
        }
        links = [
            EmulatedLink(link.there, seed: seed), EmulatedLink(link.back, seed: seed &+ 1),
        ]
        addresses = [1, 2].compactMap { NetworkAddress(bytes: [127, 0, 0, 1], port: $0) }
        turns = link.turns
        interval = plan.pictureRate.interval
    }

    /// Makes the call.
    ///
    /// - Parameter progress: told how many pictures were sent.
    /// - Returns: what came of each end's sending.
    /// - Throws: `CodecError`, and what a clip throws.
    public func run(progress: (Int) -> Void = { _ in }) throws -> [TwoWayResult] {
        let limit = Instant.zero.advanced(by: .seconds(60))
        while !ends.allSatisfy(\.hasSet), now < limit {
            run(until: now.advanced(by: .milliseconds(20)))
        }
        let begin = now
        var pictures: [VideoFrame?] = firsts
        var count = 0
        while pictures.contains(where: { $0 != nil }) {
            run(until: begin.advanced(by: interval * count))
            turn(since: begin)
            for (side, end) in ends.enumerated() {
                guard let picture = pictures[side] else { continue }
                try end.send(picture, PictureNumber(UInt32(count)), at: now)
                pictures[side] = try clips[side].next()
            }
            run(until: now)
            count += 1
            progress(count)
        }
        let media = now
        for end in ends { try end.finish(at: now) }
        run(until: now.advanced(by: .seconds(30)))
        return ends.indices.map { result(of: $0, begin, media) }
    }

    private func turn(since begin: Instant) {
        while let turn = turns.first, turn.after <= now.since(begin) {
            turns.removeFirst()
            // An address that changes is the socket's business, which there is none of here.
            guard case .conditions(let there, let back) = turn.change else { continue }
            links[0].conditions = there
            links[1].conditions = back
        }
    }

    private func run(until end: Instant) {
        while !ends.allSatisfy({ $0.isSenderOver && $0.isReceiverOver }) {
            var wakes: [Instant] = []
            for (side, one) in ends.enumerated() {
                while let bytes = links[1 - side].receive(at: now) {
                    one.call.receive(bytes.span, from: addresses[1 - side], at: now)
                }
                if let wake = one.drain(at: now, { links[side].send($0, at: now) }) {
                    wakes.append(wake)
                }
            }
            wakes += links.compactMap(\.nextArrival)
            guard let next = wakes.min(), next <= end else { break }
            now = max(now, next)
        }
        now = max(now, end)
    }

    private func result(of side: Int, _ begin: Instant, _ media: Instant) -> TwoWayResult {
        let end = ends[side]
        let other = ends[1 - side]
        var result = end.result
        let sent = end.call.sender.statistics
        let answered = end.call.receiver.statistics
        result.keypoints = sent.keypoints
        result.voice = sent.voice
        result.sources = sent.sources
        result.feedbackBeside = sent.feedback
        result.feedbackDatagrams = answered.sentDatagrams
        let alone = Traffic(
            answered.sent, answered.sentDatagrams, .zero, 0, isSealed: true, .ipv4AndUDPHeaders)
        result.feedbackAlone = alone.size
        result.shown = other.played.count
        result.voiceTicks = other.heardTicks
        result.lostVoiceTicks = other.call.receiver.statistics.lostVoiceTicks
        result.delays = other.played.map { play in
            play.at.since(begin) - interval * Int(play.number.rawValue)
        }
        result.time = media.since(.zero)
        return result
    }
}
