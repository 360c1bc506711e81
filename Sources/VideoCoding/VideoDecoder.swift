public import KeypointCoding
public import Media

/// The receiver's half of the codec: coded sources and keypoint units in, pictures out.
public final class VideoDecoder {
    /// A picture whose keypoints have arrived.
    private struct Arrived {
        let state: KeypointState
        let set: SourceSetNumber
        /// Whether it was said again, coarsely: nothing is predicted from it.
        var isAgain = false
    }

    private struct Source {
        let picture: VideoFrame
        let state: KeypointState
        /// Whether it came smaller and was scaled up, which is not defined to the last bit.
        let isScaled: Bool
    }

    /// The most pictures whose keypoints wait to be shown, or serve to predict others: a minute.
    public static let largestPictureBacklog = 1500
    /// The most sources that are held: two full sets, the one in use and the next.
    public static let largestSourceCount = 2 * SourceSet.largestCount

    private let generator: any PictureGenerator
    private let stillDecoder: any StillImageDecoder
    private let keypointDecoder: KeypointDecoder
    private let size: PictureSize
    private var sources: [SourceIdentifier: Source] = [:]
    private var sets: [SourceSetNumber: SourceSet] = [:]
    private var pictures: [PictureNumber: Arrived] = [:]
    private var latestInserted = PictureNumber.zero
    private var concealment = Concealment()
    /// Whether pictures without keypoints are made up from those around them; else the last one is held.
    public var makesUp = true
    private var latestPicture: (number: PictureNumber, frame: VideoFrame)?
    /// Shown unmoved until the first picture is rebuilt.
    private var latestSource: VideoFrame?
    private let streamDecoder: (any PictureStreamDecoder)?
    private var stream = StreamedPictures()
    /// Pictures that are not warped, and whether the viewer is to see it.
    private var standing: [PictureNumber: Bool] = [:]
    private var fade = CrossFade()

    /// Puts a decoder together from its backends, for pictures of `size`.
    ///
    /// - Parameter streamDecoder: decodes what the sender sends where warping fails; without one its pictures
    ///   are refused.
    public init(
        generator: any PictureGenerator, stillDecoder: any StillImageDecoder,
        keypointDecoder: KeypointDecoder, streamDecoder: (any PictureStreamDecoder)? = nil,
        size: PictureSize
    ) {
        self.streamDecoder = streamDecoder
        self.generator = generator
        self.stillDecoder = stillDecoder
        self.keypointDecoder = keypointDecoder
        self.size = size
    }

    /// Adds a source that has arrived whole; `source` comes from the network and may hold anything.
    ///
    /// - Returns: the source as a picture; a coarse one is scaled up.
    /// - Throws: ``CodecError``; the sources are then as before.
    @discardableResult
    public func insert(_ source: CodedSource) throws(CodecError) -> VideoFrame {
        guard sources[source.identifier] != nil || sources.count < Self.largestSourceCount else {
            throw .sourceCount(sources.count + 1)
        }
        let payload = try SourcePayload(parsing: source.payload)
        let decoded = try picture(of: payload)
        guard decoded.size.width <= size.width, decoded.size.height <= size.height,
            let picture = decoded.scaled(to: size)
        else {
            throw .unsupportedSize(width: decoded.size.width, height: decoded.size.height)
        }
        let state = try states(
            payload.keypoints, count: 1, reference: keypointDecoder.tables.mean, kind: .mean)[0]
        generator.remove(source.identifier)
        sources[source.identifier] = Source(
            picture: picture, state: state, isScaled: decoded.size != size)
        latestSource = picture
        return picture
    }

    /// Decodes a source's picture, which may be smaller than those of the call.
    private func picture(of payload: SourcePayload) throws(CodecError) -> VideoFrame {
        guard let name = payload.base else {
            return try stillDecoder.decode(payload.picture, largest: size)
        }
        guard let base = sources[name], !base.isScaled else {
            throw .corrupt(reason: "a source predicted from one that is not held whole")
        }
        return try stillDecoder.decode(payload.picture, from: base.picture)
    }

    /// Forgets a source that the sender has given up.
    public func remove(_ identifier: SourceIdentifier) {
        sources[identifier] = nil
        generator.remove(identifier)
    }

    /// Takes in which sources belong together.
    public func insert(_ set: SourceSet) {
        // Numbers come again after 256 sets.
        sets = sets.filter { !$0.key.isNewer(than: set.number.next) }
        sets[set.number] = set
    }

    /// Decodes keypoints that have arrived and keeps them; `unit` comes from the network and may hold
    /// anything.
    ///
    /// - Throws: ``CodecError``; nothing is kept then.
    public func insert(_ unit: CodedKeypoints) throws(CodecError) {
        let decoded: [KeypointState]
        switch unit.reference {
        case .source(let identifier):
            guard let source = sources[identifier] else {
                throw .corrupt(reason: "keypoints refer to a source that is not held")
            }
            decoded = try states(
                unit.payload, count: unit.pictureCount, reference: source.state, kind: .source)
        case .picture(let number):
            let distance = unit.firstPicture.distance(from: number)
            guard (1...ReferenceMemory.reach).contains(distance), let picture = pictures[number],
                !picture.isAgain
            else { throw .corrupt(reason: "keypoints refer to a picture that is not held") }
            decoded = try states(
                unit.payload, count: unit.pictureCount, reference: picture.state,
                kind: .picture(distance: distance))
        }
        for (index, state) in decoded.enumerated() {
            guard let number = unit.firstPicture.advanced(by: index) else { continue }
            pictures[number] = Arrived(state: state, set: unit.sourceSet)
        }
        latestInserted = max(latestInserted, unit.end)
        forgetOld()
    }

    /// Decodes keypoints that were said again, for pictures whose own have not arrived; `again` comes from
    /// the network and may hold anything.
    ///
    /// - Throws: ``CodecError``; nothing is kept then.
    public func insert(_ again: KeypointsAgain) throws(CodecError) {
        guard let reference = pictures[again.reference], !reference.isAgain else {
            throw .corrupt(reason: "keypoints refer to a picture that is not held")
        }
        let decoded = try states(
            again.payload, count: again.pictureCount, reference: reference.state,
            kind: .picture(distance: 1))
        for (index, state) in decoded.enumerated() {
            guard let number = again.reference.advanced(by: -1 - index),
                pictures[number]?.isAgain != false
            else { continue }
            pictures[number] = Arrived(state: state, set: again.sourceSet, isAgain: true)
        }
        forgetOld()
    }

    /// Decodes a picture of the stream and keeps it until a newer one is due; `picture` comes from the
    /// network and may hold anything.
    ///
    /// - Throws: ``CodecError``; none is decoded then before the next key picture.
    public func insert(_ picture: StreamPicture) throws(CodecError) {
        guard let streamDecoder else { throw .backend("there is no decoder for a stream") }
        let decoded = try streamDecoder.decode(picture, largest: size)
        guard let frame = decoded.scaled(to: size) else {
            throw .unsupportedSize(width: decoded.size.width, height: decoded.size.height)
        }
        stream.insert(frame, picture.number)
    }

    /// Takes in that pictures are not warped.
    public func insert(_ held: HeldPictures) {
        for index in 0..<held.pictureCount {
            guard let number = held.firstPicture.advanced(by: index) else { continue }
            standing[number] = held.isMarked
        }
        if standing.count > Self.largestPictureBacklog {
            standing = standing.filter {
                held.end.distance(from: $0.key) <= Self.largestPictureBacklog / 2
            }
        }
    }

    private func forgetOld() {
        if pictures.count > Self.largestPictureBacklog {
            pictures = pictures.filter {
                latestInserted.distance(from: $0.key) <= Self.largestPictureBacklog / 2
            }
        }
    }

    /// Rebuilds a picture from its keypoints and the sources of its set, all of them and no others.
    ///
    /// A picture that the sender said is not warped is the newest one of the stream, or the one before.
    /// Where its keypoints are missing, they are made up from those around, for a few pictures; else
    /// the last picture is shown again, or the newest source, unmoved, where none was rebuilt yet.
    ///
    /// - Returns: the picture and how it came about, or nothing before the first source.
    public func picture(_ number: PictureNumber, time: MediaTime) -> DecodedPicture? {
        let isMarked = standing.removeValue(forKey: number)
        guard let arrived = pictures[number] else {
            guard let isMarked else { return madeUp(number, time) }
            return stood(number, time, isMarked)
        }
        do {
            guard try prepare(arrived.set) else { return held(number, time, .missing) }
            let picture = try generator.generate(arrived.state.keypoints, time: time)
            latestPicture = (number, picture)
            concealment.show(number, arrived.state, arrived.set)
            return DecodedPicture(
                number: number, frame: fade.next(picture), origin: .generated)
        } catch {
            return held(number, time, .undecodable(error))
        }
    }

    /// A picture that is not warped.
    private func stood(
        _ number: PictureNumber, _ time: MediaTime, _ isMarked: Bool
    ) -> DecodedPicture? {
        let isStreamed = streamed(at: number) != nil
        guard let picture = newest(at: number) else { return nil }
        // Another scene must not shine through: only what the stream showed is faded from.
        fade.begin(from: isStreamed ? picture : nil)
        return DecodedPicture(
            number: number, frame: picture.at(time), origin: isStreamed ? .streamed : .standing,
            isMarked: isMarked)
    }

    /// The picture of the stream that is due, where it is newer than what was warped last.
    private func streamed(at number: PictureNumber) -> VideoFrame? {
        guard let (place, frame) = stream.newest(at: number),
            latestPicture.map({ $0.number < place }) ?? true
        else { return nil }
        return frame
    }

    private func newest(at number: PictureNumber) -> VideoFrame? {
        streamed(at: number) ?? latestPicture?.frame ?? latestSource
    }

    /// A picture whose keypoints are not there.
    private func madeUp(_ number: PictureNumber, _ time: MediaTime) -> DecodedPicture? {
        guard makesUp, let set = concealment.set,
            let state = concealment.keypoints(for: number, later: nextHeld(after: number))
        else { return held(number, time, .missing) }
        do {
            guard try prepare(set) else { return held(number, time, .missing) }
            let picture = try generator.generate(state.keypoints, time: time)
            latestPicture = (number, picture)
            return DecodedPicture(number: number, frame: picture, origin: .madeUp)
        } catch {
            return held(number, time, .undecodable(error))
        }
    }

    private func nextHeld(
        after number: PictureNumber
    ) -> (number: PictureNumber, state: KeypointState)? {
        for distance in 1...Concealment.reach {
            if let later = number.advanced(by: distance), let arrived = pictures[later] {
                return (later, arrived.state)
            }
        }
        return nil
    }

    /// Gives the generator the sources of a set; whether they are all there.
    private func prepare(_ number: SourceSetNumber) throws(CodecError) -> Bool {
        guard let wanted = sets[number]?.sources, wanted.allSatisfy({ sources[$0] != nil }) else {
            return false
        }
        for identifier in generator.sources where !wanted.contains(identifier) {
            generator.remove(identifier)
        }
        for identifier in wanted where !generator.sources.contains(identifier) {
            guard let source = sources[identifier] else { return false }
            try generator.insert(
                source.picture, keypoints: source.state.keypoints, as: identifier)
        }
        return true
    }

    private func held(
        _ number: PictureNumber, _ time: MediaTime, _ origin: DecodedPicture.Origin
    ) -> DecodedPicture? {
        newest(at: number).map {
            DecodedPicture(number: number, frame: $0.at(time), origin: origin)
        }
    }

    private func states(
        _ payload: [UInt8], count: Int, reference: KeypointState, kind: ReferenceKind
    ) throws(CodecError) -> [KeypointState] {
        do {
            return try keypointDecoder.decode(
                payload, pictureCount: count, reference: reference, kind: kind)
        } catch {
            throw CodecError(error)
        }
    }
}
