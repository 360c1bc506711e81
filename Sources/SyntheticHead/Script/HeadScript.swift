public import Media

/// The motion of a rendered head as a function of time: it can be asked for any time in any order.
///
/// Everything is drawn from a hash of the seed and the number of a time slot, so nothing repeats.
public struct HeadScript: Sendable {
    private let seed: UInt64

    /// Makes the script of a seed.
    public init(seed: UInt64) { self.seed = RandomSequence.scramble(seed &+ 0xA5A5_1234) }

    /// The pose at a time.
    public func pose(at time: MediaTime) -> HeadPose {
        let t = Double(time.microseconds) / 1e6
        let talk = speech(t)
        var pose = HeadPose()
        pose.yaw = turn(t) + 0.07 * wander(t * 0.45, 1) + 0.035 * wander(t * 1.3, 2)
        pose.pitch =
            0.06 * wander(t * 0.4, 3) + 0.03 * wander(t * 1.1, 4) + nod(t)
            + talk * 0.045 * wander(t * 2.4, 5) - 0.02
        pose.roll =
            0.06 * wander(t * 0.33, 6) + 0.025 * wander(t * 0.9, 7) - 0.16 * turn(t)
            * wander(t * 0.2, 8)
        pose.lean = 0.035 * wander(t * 0.21, 9) + 0.1 * turn(t - 0.15)
        let breath =
            0.012 * Elementary.sine(Float((t * 0.27 - (t * 0.27).rounded(.down)) * 2 * .pi))
        pose.shift = Vector3(
            0.14 * wander(t * 0.19, 10) + 0.04 * wander(t * 0.7, 11),
            0.04 * wander(t * 0.26, 12) + breath,
            0.35 * wander(t * 0.15, 13))
        pose.shrug = breath + 0.05 * max(0, wander(t * 0.3, 14)) + 0.02 * talk * wander(t * 0.8, 15)
        return pose
    }

    /// The expression at a time.
    public func expression(at time: MediaTime) -> HeadExpression {
        let t = Double(time.microseconds) / 1e6
        var face = HeadExpression()
        let talk = speech(t)
        let mouth = viseme(t)
        let loud = 0.75 + 0.25 * wander(t * 0.9, 20)
        face.jawOpen = talk * mouth.open * loud
        face.lipsWide = talk * mouth.wide
        face.lipsRound = talk * mouth.round
        face.lipsPressed = talk * mouth.pressed
        face.lipsParted = talk * mouth.parted
        face.smile = smile(t) * (1 - 0.35 * talk)
        face.browRaise = brows(t) + 0.15 * wander(t * 0.8, 21) + 0.25 * talk * wander(t * 1.2, 22)
        face.blink = blink(t)
        let gaze = gaze(t)
        face.gazeX = gaze.x - 0.35 * (turn(t) + 0.07 * wander(t * 0.45, 1))
        face.gazeY = gaze.y - 0.3 * 0.06 * wander(t * 0.4, 3)
        return face
    }

    // MARK: - Parts

    /// Smooth noise of a channel.
    private func wander(_ place: Double, _ channel: UInt64) -> Float {
        Noise(seed: seed &+ channel &* 0x1F3D_5B79).at(place) * 1.2
    }

    /// A number 0…1 that belongs to a slot of a channel.
    private func draw(_ slot: Double, _ channel: UInt64) -> Float {
        let cell = UInt64(bitPattern: Int64(max(-9e15, min(9e15, slot))))
        return RandomSequence.fraction(
            RandomSequence.scramble(
                RandomSequence.scramble(cell &+ channel &* 0x9E37_79B9) ^ seed))
    }

    /// Turns of the head: a new direction every six seconds or so, often back to the camera.
    private func turn(_ t: Double) -> Float {
        func target(_ slot: Double) -> Float {
            let kind = draw(slot, 30)
            let side = draw(slot, 31) * 2 - 1
            // A call begins with a look at the camera.
            guard slot > 0 else { return 0.08 * side }
            return kind < 0.45 ? 0.12 * side : kind < 0.75 ? 0.3 * side : 0.58 * side
        }
        let place = t / 3.3
        let slot = place.rounded(.down)
        let begin = 0.15 + 0.4 * draw(slot, 32)
        let span: Float = 0.2 + 0.2 * draw(slot, 33)
        return mix(
            target(slot - 1), target(slot), smoothstep(begin, begin + span, Float(place - slot)))
    }

    /// Nods: two quick dips, now and then.
    private func nod(_ t: Double) -> Float {
        let place = t / 5.1
        let slot = place.rounded(.down)
        guard draw(slot, 34) < 0.4 else { return 0 }
        let u = (Float(place - slot) - 0.2 - 0.4 * draw(slot, 35)) * 5.1
        let envelope = smoothstep(0, 0.25, u) * smoothstep(1.1, 0.8, u)
        return -0.09 * envelope * (0.5 - 0.5 * Elementary.cosine(u * 2 * .pi / 0.55))
    }

    /// How much the head is talking, 0…1: phrases of a few seconds with pauses.
    private func speech(_ t: Double) -> Float {
        let place = t / 4.2
        let slot = place.rounded(.down)
        let begin = 0.03 + 0.12 * draw(slot, 36)
        let end = 0.6 + 0.33 * draw(slot, 37)
        let u = Float(place - slot)
        guard draw(slot, 38) < 0.85 else { return 0 }
        return smoothstep(begin, begin + 0.04, u) * smoothstep(end, end - 0.05, u)
    }

    /// The shape of the mouth: a new one about every seventh of a second, blended.
    private func viseme(_ t: Double) -> Viseme {
        let place = t / 0.145
        let slot = place.rounded(.down)
        let w = smoothstep(0.1, 0.95, Float(place - slot))
        let a = shape(slot - 1)
        let b = shape(slot)
        return a.blended(with: b, share: w)
    }

    /// The shape of the mouth in a slot, drawn from a few sounds of speech.
    private func shape(_ slot: Double) -> Viseme {
        let size = 0.6 + 0.4 * draw(slot, 40)
        switch draw(slot, 39) {
        case ..<0.22: return Viseme(open: 0.85 * size, wide: 0.2, round: 0, pressed: 0, parted: 0.5)
        case ..<0.42: return Viseme(open: 0.3 * size, wide: 0.8, round: 0, pressed: 0, parted: 0.6)
        case ..<0.58: return Viseme(open: 0.45 * size, wide: 0, round: 0.9, pressed: 0, parted: 0.4)
        case ..<0.72: return Viseme(open: 0.03, wide: 0.1, round: 0, pressed: 0.9, parted: 0)
        case ..<0.86: return Viseme(open: 0.15, wide: 0.3, round: 0.1, pressed: 0, parted: 0.7)
        default: return Viseme(open: 0.5 * size, wide: 0.45, round: 0.1, pressed: 0, parted: 0.6)
        }
    }

    /// Smiles, now and then, a few seconds long.
    private func smile(_ t: Double) -> Float {
        let place = t / 6.3
        let slot = place.rounded(.down)
        let strength = draw(slot, 41) < 0.55 ? 0.4 + 0.6 * draw(slot, 42) : 0
        let u = Float(place - slot)
        let begin = 0.1 + 0.2 * draw(slot, 43)
        let end = 0.7 + 0.25 * draw(slot, 44)
        return strength * smoothstep(begin, begin + 0.08, u) * smoothstep(end, end - 0.14, u)
    }

    /// Raised brows, now and then, for a second.
    private func brows(_ t: Double) -> Float {
        let place = t / 3.7
        let slot = place.rounded(.down)
        guard draw(slot, 45) < 0.45 else { return 0 }
        let u = (Float(place - slot) - 0.1 - 0.5 * draw(slot, 46)) * 3.7
        return (0.5 + 0.5 * draw(slot, 47)) * smoothstep(0, 0.2, u) * smoothstep(1.2, 0.8, u)
    }

    /// Closed lids: once in each 3.4 s, 2…5 s apart, for 0.2 s.
    private func blink(_ t: Double) -> Float {
        let place = t / 3.4
        let slot = place.rounded(.down)
        let begin = 0.22 + 0.45 * draw(slot, 48)
        let u = (Float(place - slot) - begin) * 3.4
        return smoothstep(0, 0.07, u) * smoothstep(0.2, 0.1, u)
    }

    /// Eyes: fixations of about a second, mostly at the camera, with quick jumps between.
    private func gaze(_ t: Double) -> SIMD2<Float> {
        func target(_ slot: Double) -> SIMD2<Float> {
            let away: Float = draw(slot, 50) < 0.55 ? 0.06 : 0.38
            return SIMD2(
                away * (draw(slot, 51) * 2 - 1), 0.5 * away * (draw(slot, 52) * 2 - 1.2))
        }
        let place = t / 1.15
        let slot = place.rounded(.down)
        let begin = 0.15 + 0.6 * draw(slot, 53)
        let w = smoothstep(begin, begin + 0.05, Float(place - slot))
        let a = target(slot - 1)
        return a + (target(slot) - a) * w
    }
}
