import Media
import Testing
import VideoCoding

/// Looks and sources made of numbers alone.
@Suite struct SourcePolicyTests {
    /// A head whose keypoints all lie `pixels` to the right of the middle.
    private func pose(_ pixels: Float) -> Keypoints {
        Keypoints(
            (0..<20).map { index in
                Keypoint(x: pixels / 128 + Float(index) / 100, y: 0, strength: 1)
            })
    }

    private func look(
        _ number: Int, pose pixels: Float, distance: Double? = nil, kilobits: Double = 8,
        underWay: Int = 0, sharpness: Double = 4
    ) -> SourceLook {
        SourceLook(
            picture: PictureNumber(UInt32(number)), time: .milliseconds(40 * number),
            keypoints: pose(pixels), distance: distance, sharpness: sharpness,
            rate: Bitrate(kilobitsPerSecond: kilobits), underWay: DataSize(bytes: underWay))
    }

    private func source(
        _ number: UInt16, pose pixels: Float, quantizer: Int = 32, loss: Double = 0.045,
        picture: Int = 0
    ) -> ChosenSource {
        ChosenSource(
            identifier: SourceIdentifier(number), picture: PictureNumber(UInt32(picture)),
            keypoints: pose(pixels), loss: loss, size: DataSize(bytes: 2000), quantizer: quantizer,
            isCoarse: false)
    }

    /// A policy that has one source, in the middle, and knows what quantisers give.
    private func policy(
        _ kind: SourcePolicy.Kind = .adaptive,
        _ configuration: SourcePolicy.Configuration = SourcePolicy.Configuration()
    ) -> SourcePolicy {
        var policy = SourcePolicy(kind, configuration)
        policy.insert(source(1, pose: 0))
        policy.acknowledge([SourceIdentifier(1)])
        let rungs = [(20, 4200, 0.025), (32, 2400, 0.045), (44, 1600, 0.084), (50, 1300, 0.11)]
        for (quantizer, size, loss) in rungs {
            policy.calibrate(quantizer, size: DataSize(bytes: size), loss: loss)
        }
        return policy
    }

    @Test func theFirstPolicyOrdersNothing() {
        var policy = policy(.first)
        for number in 0..<100 {
            #expect(policy.take(look(12 * number, pose: 60, distance: 0.5)) == nil)
        }
    }

    @Test func intervalsAreKept() throws {
        var policy = policy(.interval(.seconds(3)))
        var orders: [SourceOrder] = []
        var set = [SourceIdentifier(1)]
        for number in 0..<80 {
            guard let order = policy.take(look(12 * number, pose: 0)) else { continue }
            #expect(order.picture.rawValue == UInt32(12 * number))
            orders.append(order)
            let name = UInt16(orders.count + 1)
            policy.insert(source(name, pose: 0, picture: 12 * number))
            set = set.filter { !order.replaced.contains($0) } + [SourceIdentifier(name)]
            policy.acknowledge(set)
        }
        // 37.9 seconds, in looks of 0.48.
        #expect(orders.count == 11)
        // From the ninth source on the oldest one makes room.
        #expect(orders.map { $0.replaced.count } == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
        #expect(orders[7].replaced == [SourceIdentifier(1)])
    }

    @Test func aPoseThatIsRebuiltBadlyBecomesASource() throws {
        var policy = policy()
        var order: SourceOrder?
        for number in 0..<4 {
            let isTurned = number > 1
            order = policy.take(
                look(
                    12 * number, pose: isTurned ? 40 : 0, distance: isTurned ? 0.3 : 0.05,
                    underWay: isTurned ? 0 : 2000))
            if order != nil { break }
        }
        let found = try #require(order)
        #expect(found.reason == .newPose)
        #expect(found.picture.rawValue >= 24)
        #expect(found.replaced.isEmpty)
        #expect(found.gain > 0)
    }

    /// Where nothing moves, what is left to gain is a finer copy of the source that is used.
    @Test func aStillHeadGetsAFinerSource() throws {
        var policy = SourcePolicy(.adaptive)
        policy.insert(source(1, pose: 0, quantizer: 50, loss: 0.11))
        policy.acknowledge([SourceIdentifier(1)])
        for (quantizer, size, loss) in [(20, 4200, 0.025), (32, 2400, 0.045), (50, 1300, 0.11)] {
            policy.calibrate(quantizer, size: DataSize(bytes: size), loss: loss)
        }
        let orders = (0..<8).compactMap {
            policy.take(look(12 * $0 + 12, pose: 0, distance: 0.085))
        }
        let order = try #require(orders.first)
        #expect(order.reason == .refinement)
        #expect(order.replaced == [SourceIdentifier(1)])
        #expect(order.quantizer < 50)
    }

    @Test func nothingIsOrderedWhereNothingIsToBeGained() {
        var policy = SourcePolicy(.adaptive)
        policy.insert(source(1, pose: 0, quantizer: 20, loss: 0.02))
        policy.acknowledge([SourceIdentifier(1)])
        policy.calibrate(20, size: DataSize(bytes: 4200), loss: 0.02)
        for number in 0..<100 {
            #expect(policy.take(look(12 * number, pose: 0, distance: 0.02)) == nil)
        }
    }

    @Test func oneSourceAtATime() {
        var policy = policy()
        for number in 0..<20 {
            let busy = look(12 * number, pose: 50, distance: 0.4, underWay: 1500)
            #expect(policy.take(busy) == nil)
        }
        #expect(policy.take(look(240, pose: 50, distance: 0.4, underWay: 0)) != nil)
    }

    @Test func withoutARateNothingIsOrdered() {
        var policy = policy()
        for number in 0..<20 {
            #expect(policy.take(look(12 * number, pose: 50, distance: 0.4, kilobits: 0)) == nil)
        }
    }

    /// At a low rate a source has to be small; where bits are plenty it is as fine as it may be.
    @Test func theQuantiserFollowsTheRate() throws {
        func quantizer(at kilobits: Double) throws -> Int {
            var policy = policy()
            let orders = (1..<9).compactMap {
                policy.take(look(12 * $0, pose: 50, distance: 0.3, kilobits: kilobits))
            }
            return try #require(orders.first).quantizer
        }
        let low = try quantizer(at: 1.5)
        let high = try quantizer(at: 2000)
        #expect(low > high)
        #expect(high == 20)
    }

    /// The set stays within its size, and what makes room is never what is used most.
    @Test func theLeastUsefulMakesRoom() throws {
        var configuration = SourcePolicy.Configuration()
        configuration.largestCount = 2
        var policy = policy(.adaptive, configuration)
        // Source 2 is nowhere near any pose that is seen.
        policy.insert(source(2, pose: 120, picture: 3))
        policy.acknowledge([SourceIdentifier(1), SourceIdentifier(2)])
        var order: SourceOrder?
        for number in 0..<20 where order == nil {
            let isTurned = number % 2 == 1
            order = policy.take(
                look(
                    12 * number + 12, pose: isTurned ? -50 : 0, distance: isTurned ? 0.3 : 0.05,
                    underWay: isTurned ? 0 : 2000))
        }
        let found = try #require(order)
        #expect(found.reason == .newPose)
        #expect(found.replaced == [SourceIdentifier(2)])
    }

    /// A source of a head that has moved by 20 pixels shows more of a pose than one of a head that has turned: of
    /// its points half lie ten pixels to the left and half ten to the right.
    @Test func aHeadThatOnlyMovedIsNearerThanOneThatTurned() {
        var policy = SourcePolicy(.adaptive)
        let turned = Keypoints(
            pose(0).points.enumerated().map { index, point in
                Keypoint(x: point.x + (index % 2 == 0 ? 10 : -10) / 128, y: 0, strength: 1)
            })
        var sources = [source(1, pose: 20), source(2, pose: 0), source(3, pose: 100)]
        sources[1].keypoints = turned
        for source in sources { policy.insert(source) }
        policy.acknowledge(sources.map(\.identifier))
        _ = policy.take(look(12, pose: 0, distance: 0.05))
        // The nearest and the newest.
        #expect(policy.bases(for: PictureNumber(12)).map(\.rawValue) == [1, 3])
    }

    /// Of two sources of a pose the one whose mouth is as far open shows more of it.
    @Test(arguments: [Float(0), 1])
    func aMouthThatIsAsFarOpenIsNearer(opening: Float) {
        func speaking(_ strength: Float) -> Keypoints {
            Keypoints(
                pose(0).points.enumerated().map { index, point in
                    Keypoint(x: point.x, y: 0, strength: index == 6 ? strength : 0.5)
                })
        }
        var policy = SourcePolicy(.adaptive)
        var sources = [source(1, pose: 0), source(2, pose: 0), source(3, pose: 100)]
        sources[0].keypoints = speaking(0)
        sources[1].keypoints = speaking(1)
        for source in sources { policy.insert(source) }
        policy.acknowledge(sources.map(\.identifier))
        var seen = look(12, pose: 0, distance: 0.05)
        seen.keypoints = speaking(opening)
        _ = policy.take(seen)
        #expect(
            policy.bases(for: PictureNumber(12)).map(\.rawValue) == [opening == 0 ? 1 : 2, 3])
    }

    @Test func sharpPicturesArePreferred() throws {
        var policy = policy()
        var order: SourceOrder?
        for number in 0..<10 where order == nil {
            // While something is on its way poses are only remembered.
            order = policy.take(
                look(
                    12 * number, pose: 50, distance: 0.3, underWay: number < 6 ? 5000 : 0,
                    sharpness: number == 3 ? 6 : 2))
        }
        #expect(try #require(order).picture == PictureNumber(36))
    }

    /// Acknowledged or not, it remembers no more than it may, and asks for nothing that it has forgotten.
    @Test(arguments: [true, false])
    func onlyPicturesThatAreRememberedAreAskedFor(isAnswered: Bool) {
        var policy = policy()
        var set: Set<SourceIdentifier> = [SourceIdentifier(1)]
        var orders = 0
        for number in 1..<400 {
            let pixels = Float((number * 37) % 90)
            let order = policy.take(look(12 * number, pose: pixels, distance: 0.2))
            #expect(policy.remembered.count <= policy.configuration.capacity + 8)
            guard let order else { continue }
            orders += 1
            #expect(policy.remembered.contains(order.picture))
            let name = SourceIdentifier(UInt16(number + 1))
            policy.insert(
                ChosenSource(
                    identifier: name, picture: order.picture, keypoints: pose(pixels), loss: 0.04,
                    size: order.size, quantizer: order.quantizer, isCoarse: false))
            set.subtract(order.replaced)
            set.insert(name)
            #expect(set.count <= policy.configuration.largestCount)
            if isAnswered { policy.acknowledge(set.sorted()) }
        }
        #expect(isAnswered ? orders > 5 : orders == 3)
    }

    /// A cut is answered at once, even while another source is on its way, and what was held is given up.
    @Test func aCutBeginsAgain() throws {
        var policy = policy()
        for number in 0..<6 {
            _ = policy.take(look(12 * number, pose: 0, distance: 0.05, underWay: 3000))
        }
        let cut = look(72, pose: 3, distance: 0.55, kilobits: 24, underWay: 3000)
        let taken = policy.take(cut)
        let order = try #require(taken)
        #expect(order.reason == .newScene)
        #expect(order.picture == PictureNumber(72))
        #expect(order.replaced == [SourceIdentifier(1)])
        // 2400 bytes go out in a second, 4200 do not.
        #expect(order.quantizer == 32)
        #expect(order.side == nil)
        #expect(policy.remembered.count <= 2)
    }

    @Test func aCutInASlowCallGivesACoarseSource() throws {
        var policy = policy()
        _ = policy.take(look(0, pose: 0, distance: 0.05, underWay: 3000))
        let taken = policy.take(look(12, pose: 3, distance: 0.55, kilobits: 2))
        let order = try #require(taken)
        #expect(order.reason == .newScene)
        #expect(order.side == policy.configuration.coarseSide)
    }

    /// A head that turns is no cut: its distance grows over several looks, or stays small.
    @Test func aTurnIsNoCut() {
        var policy = policy()
        let turn: [(pose: Float, distance: Double)] = [
            (0, 0.05), (10, 0.15), (25, 0.3), (40, 0.42), (10, 0.2), (0, 0.06), (20, 0.3),
        ]
        for (number, place) in turn.enumerated() {
            let order = policy.take(
                look(12 * number, pose: place.pose, distance: place.distance, underWay: 3000))
            #expect(order == nil)
        }
    }

    /// A source for a pose that has been seen for some looks, and is then in use.
    private func policyWithATurn() throws -> SourcePolicy {
        var policy = policy()
        for number in 0..<8 {
            _ = policy.take(look(12 * number, pose: 50, distance: 0.3, underWay: 5000))
        }
        policy.insert(source(2, pose: 50, picture: 84))
        #expect(policy.trial == nil)
        policy.acknowledge([SourceIdentifier(1), SourceIdentifier(2)])
        return policy
    }

    /// What a source was to make better is rehearsed again: pictures of some time before it.
    @Test func whatANewSourceBringsIsTried() throws {
        var policy = try policyWithATurn()
        var tried: Set<PictureNumber> = []
        for number in 8..<20 {
            guard var trial = policy.trial else { break }
            #expect(trial.picture <= PictureNumber(59))
            #expect(policy.remembered.contains(trial.picture))
            #expect(trial.expected < trial.before && trial.keypoints == pose(50))
            tried.insert(trial.picture)
            trial.found = trial.expected
            var look = look(12 * number, pose: 50, distance: 0.06, underWay: 5000)
            look.trial = trial
            _ = policy.take(look)
        }
        #expect(tried.count == policy.configuration.trialLooks)
        #expect(policy.trial == nil)
        #expect(policy.trust(at: .seconds(6)) > 0.99)
    }

    /// Where sources bring nothing, no more of them are ordered, however bad it looks; some time later one is.
    @Test(arguments: [true, false])
    func sourcesThatBringNothingAreNotAddedTo(comesTrue: Bool) throws {
        var policy = try policyWithATurn()
        var number = 8
        while var trial = policy.trial, number < 20 {
            trial.found = comesTrue ? trial.expected : trial.before
            var look = look(12 * number, pose: 50, distance: 0.28, underWay: 5000)
            look.trial = trial
            _ = policy.take(look)
            number += 1
        }
        #expect((policy.trust(at: .milliseconds(40 * 12 * number)) < 0.1) == !comesTrue)
        var orders: [Int] = []
        for number in number..<200 {
            let order = policy.take(look(12 * number, pose: 20, distance: 0.2, kilobits: 2))
            if order != nil { orders.append(number) }
            if orders.count == 1 { break }
        }
        let first = try #require(orders.first)
        #expect(comesTrue ? first < number + 3 : first > number + 3)
    }

    /// Another scene begins with all the trust.
    @Test func aNewSceneIsTrusted() throws {
        var policy = try policyWithATurn()
        while var trial = policy.trial {
            trial.found = trial.before
            var look = look(100, pose: 50, distance: 0.28, underWay: 5000)
            look.trial = trial
            _ = policy.take(look)
        }
        #expect(policy.trust(at: .seconds(4)) < 0.5)
        let order = policy.take(look(112, pose: 3, distance: 0.6, kilobits: 24))
        #expect(order?.reason == .newScene)
        #expect(policy.trust(at: .seconds(5)) == 1)
        policy.insert(source(3, pose: 3, picture: 112))
        policy.acknowledge([SourceIdentifier(3)])
        // Nothing was before it to be compared with.
        #expect(policy.trial == nil)
    }

    @Test func quantisersInBetweenAreNotTried() throws {
        var tried = SourcePolicy(.adaptive)
        var all = tried
        // Halves at each tenth step, as bytes nearly do.
        let sizes = [20: 4000, 25: 2828, 30: 2000, 34: 1516, 38: 1149, 42: 871, 46: 660, 50: 500]
        for (quantizer, size) in sizes {
            let loss = 40 / Double(size)
            all.calibrate(quantizer, size: DataSize(bytes: size), loss: loss)
            if tried.configuration.triedQuantizers.contains(quantizer) {
                tried.calibrate(quantizer, size: DataSize(bytes: size), loss: loss)
            }
        }
        // One of a scene before, which is past.
        tried.calibrate(25, size: DataSize(bytes: 9), loss: 0.9)
        tried.calibrateBetween()
        for kilobits in [1.5, 4, 8, 24, 2000] {
            var orders: [SourceOrder?] = []
            for var policy in [tried, all] {
                policy.insert(source(1, pose: 0, quantizer: 50, loss: 0.08))
                policy.acknowledge([SourceIdentifier(1)])
                _ = policy.take(look(0, pose: 50, distance: 0.3, kilobits: 1, underWay: 9000))
                orders.append(
                    policy.take(look(96, pose: 50, distance: 0.3, kilobits: kilobits)))
            }
            #expect(orders[0]?.quantizer == orders[1]?.quantizer)
            let (first, second) = (orders[0]?.size.bytes ?? 0, orders[1]?.size.bytes ?? 0)
            #expect(abs(first - second) * 50 <= second)
        }
    }

    @Test func keypointsOfAnotherNumberAreNoPose() {
        var policy = policy()
        var odd = look(12, pose: 0, distance: 0.3)
        odd.keypoints = Keypoints([])
        #expect(policy.take(odd) == nil)
    }
}
