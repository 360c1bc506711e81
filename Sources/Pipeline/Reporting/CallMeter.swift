package import Media

/// Cumulative counters of one end of a call.
package struct CallSnapshot: Sendable {
    package var pictures = 0
    package var lostPictures = 0
    package var longestLoss: Int?
    package var datagrams = 0
    package var wire = DataSize.zero
    package var returnWire = DataSize.zero
    package var missingDatagrams: Int?
    package var duplicateDatagrams: Int?
    package var rejectedDatagrams = 0
    package var sources = 0
    /// The keypoints' frames.
    package var keypoints = DataSize.zero
    /// The frames of sources and sets.
    package var sourceSize = DataSize.zero
    /// The frames of the stream for when warping fails, and its pictures.
    package var stream = DataSize.zero
    package var streamPictures = 0
    /// Pictures that were not warped: one of the stream, or none, stood.
    package var heldPictures = 0
    /// IP, UDP and datagram headers.
    package var headers = DataSize.zero
    /// Pictures that were left out to keep the promised rate; nothing at the receiver.
    package var droppedPictures: Int?
    /// The sound's frames; nothing in a call without sound.
    package var voice: DataSize?
    /// Sound that was not there when it was due.
    package var lostVoice: Duration?
    /// Sound that was due, whether it was there or not.
    package var dueVoice: Duration?

    /// What the link is thought to carry (sender).
    package var targetBitrate: Bitrate?
    /// How long datagrams wait in queues on the way (sender).
    package var queueingDelay: Duration?
    /// To the other end and back (sender).
    package var roundTrip: Duration?
    /// From the arrival of a picture that took the shortest way until it is shown (receiver).
    package var playoutDelay: Duration?
    /// Pictures that were made up from those around them (receiver).
    package var concealedPictures: Int?

    /// Nothing yet.
    package init() {}
}

/// Turns counters into a line for each second and one for the whole call.
package struct CallMeter {
    private var stages = StageTimes()
    private var allStages = StageTimes()
    private var latest = CallSnapshot()
    private var latestTime = Duration.zero
    private var lead = Duration.zero
    private var afterFirstSecond: (time: Duration, wire: DataSize)?

    /// Starts to count.
    package init() {}

    /// Begins with the first picture, `lead` after the first hello: what was sent until then is in the
    /// summary and in no second's line.
    package mutating func begin(_ snapshot: CallSnapshot, lead: Duration) {
        latest = snapshot
        self.lead = lead
    }

    /// Adds one picture's time in a stage.
    package mutating func add(_ stage: String, _ duration: Duration) { stages.add(stage, duration) }

    /// Whether a second has passed since the last line.
    package func isDue(at time: Duration) -> Bool { time - latestTime >= .seconds(1) }

    /// The line for the time since the last one.
    package mutating func second(_ snapshot: CallSnapshot, at time: Duration) -> StatisticsLine {
        defer {
            latest = snapshot
            latestTime = time
        }
        if afterFirstSecond == nil { afterFirstSecond = (time, snapshot.wire) }
        let taken = stages.take()
        allStages.merge(taken)
        return line(
            .second, snapshot, since: latest, over: time - latestTime, at: time, taken.summary)
    }

    /// The line for everything.
    package mutating func summary(
        _ snapshot: CallSnapshot, at time: Duration, end: String
    ) -> StatisticsLine {
        allStages.merge(stages.take())
        var line = line(
            .summary, snapshot, since: CallSnapshot(), over: time + lead, at: time,
            allStages.summary)
        if let afterFirstSecond, time > afterFirstSecond.time {
            let size = DataSize(bytes: snapshot.wire.bytes - afterFirstSecond.wire.bytes)
            line.wireKilobitsPerSecondAfterFirstSecond = rounded(
                Bitrate(size, over: time - afterFirstSecond.time).kilobitsPerSecond)
        }
        line.end = end
        return line
    }

    private func line(
        _ kind: StatisticsLine.Kind, _ now: CallSnapshot, since before: CallSnapshot,
        over duration: Duration, at time: Duration, _ stages: [String: StageSummary]
    ) -> StatisticsLine {
        let wire = DataSize(bytes: now.wire.bytes - before.wire.bytes)
        var line = StatisticsLine(
            kind: kind, time: rounded(time.seconds), seconds: rounded(duration.seconds),
            pictures: now.pictures - before.pictures,
            lostPictures: now.lostPictures - before.lostPictures, longestLoss: now.longestLoss,
            datagrams: now.datagrams - before.datagrams, wireBytes: wire.bytes,
            wireKilobitsPerSecond: rounded(Bitrate(wire, over: duration).kilobitsPerSecond),
            returnWireBytes: now.returnWire.bytes - before.returnWire.bytes,
            missingDatagrams: now.missingDatagrams, duplicateDatagrams: now.duplicateDatagrams,
            rejectedDatagrams: now.rejectedDatagrams - before.rejectedDatagrams,
            sources: now.sources, stages: stages, residentMebibytes: ResidentMemory.mebibytes)
        func part(_ size: (CallSnapshot) -> DataSize) -> Double {
            let size = DataSize(bytes: size(now).bytes - size(before).bytes)
            return rounded(Bitrate(size, over: duration).kilobitsPerSecond)
        }
        line.keypointKilobitsPerSecond = part(\.keypoints)
        line.sourceKilobitsPerSecond = part(\.sourceSize)
        line.streamKilobitsPerSecond = part(\.stream)
        line.streamPictures = now.streamPictures - before.streamPictures
        line.heldPictures = now.heldPictures - before.heldPictures
        line.headerKilobitsPerSecond = part(\.headers)
        line.returnKilobitsPerSecond = part(\.returnWire)
        let hours = duration.seconds / 3600
        let both = wire.bytes + line.returnWireBytes
        line.megabytesAnHour = hours > 0 ? rounded(Double(both) / 1e6 / hours) : 0
        line.targetKilobitsPerSecond = now.targetBitrate.map { rounded($0.kilobitsPerSecond) }
        line.queueingMilliseconds = now.queueingDelay.map { rounded($0.milliseconds) }
        line.roundTripMilliseconds = now.roundTrip.map { rounded($0.milliseconds) }
        line.playoutMilliseconds = now.playoutDelay.map { rounded($0.milliseconds) }
        line.concealedPictures = now.concealedPictures.map {
            $0 - (before.concealedPictures ?? 0)
        }
        line.droppedPictures = now.droppedPictures.map { $0 - (before.droppedPictures ?? 0) }
        if let voice = now.voice {
            let size = DataSize(bytes: voice.bytes - (before.voice?.bytes ?? 0))
            line.voiceBytes = size.bytes
            line.voiceKilobitsPerSecond = rounded(Bitrate(size, over: duration).kilobitsPerSecond)
        }
        line.lostVoiceSeconds = now.lostVoice.map {
            rounded(($0 - (before.lostVoice ?? .zero)).seconds)
        }
        line.dueVoiceSeconds = now.dueVoice.map {
            rounded(($0 - (before.dueVoice ?? .zero)).seconds)
        }
        return line
    }

    private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
