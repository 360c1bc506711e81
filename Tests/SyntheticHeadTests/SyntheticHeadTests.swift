import Media
import SyntheticHead
import Testing

@Suite("A rendered head")
struct SyntheticHeadTests {
    /// Small pictures keep the tests quick; the mesh is coarser too.
    private static let side = 96

    private static func small(_ seed: UInt64 = SyntheticHead.defaultSeed) throws -> SyntheticHead {
        let size = try #require(PictureSize(width: side, height: side))
        return SyntheticHead(seed: seed, size: size)
    }

    private static func seconds(_ value: Double) -> MediaTime {
        MediaTime(microseconds: Int64(value * 1e6))
    }

    /// The mean difference of bytes within rows and columns, both ends in parts of the picture.
    private static func difference(
        _ a: RGBImage, _ b: RGBImage, rows: ClosedRange<Double>, columns: ClosedRange<Double>
    ) -> Double {
        var sum = 0
        var count = 0
        for row in Int(rows.lowerBound * Double(a.height))..<Int(rows.upperBound * Double(a.height))
        {
            let from = Int(columns.lowerBound * Double(a.width)) * 3
            let to = Int(columns.upperBound * Double(a.width)) * 3
            for place in from..<to {
                let index = row * a.width * 3 + place
                sum += abs(Int(a.pixels[index]) - Int(b.pixels[index]))
                count += 1
            }
        }
        return Double(sum) / Double(max(1, count))
    }

    /// A head straight before the camera, so that its parts lie at known places.
    private static func straight(_ change: (inout HeadExpression) -> Void = { _ in }) throws
        -> RGBImage
    {
        var appearance = HeadAppearance(seed: 5)
        appearance.framing.headHeight = 0.6
        appearance.framing.offsetX = 0
        appearance.framing.offsetY = 0
        appearance.glasses = false
        let size = try #require(PictureSize(width: side, height: side))
        let head = SyntheticHead(appearance: appearance, script: HeadScript(seed: 5), size: size)
        var face = HeadExpression()
        change(&face)
        return head.image(pose: HeadPose(), expression: face)
    }

    @Test("the same seed and time give the same bytes, in any order")
    func repeatable() throws {
        let first = try Self.small()
        let second = try Self.small()
        let late = first.image(at: Self.seconds(7.3))
        let early = first.image(at: Self.seconds(0.4))
        #expect(second.image(at: Self.seconds(0.4)) == early)
        #expect(second.image(at: Self.seconds(7.3)) == late)
        #expect(early != late)
    }

    @Test("different seeds give different people")
    func variety() throws {
        let images = try (1...4).map { try Self.small($0).image(at: .zero) }
        for a in images.indices {
            for b in images.indices where b > a {
                let distance = Self.difference(images[a], images[b], rows: 0...1, columns: 0...1)
                #expect(distance > 12)
            }
        }
    }

    @Test("an opening mouth changes the mouth, not the eyes")
    func mouth() throws {
        let rest = try Self.straight()
        let open = try Self.straight { $0.jawOpen = 0.8 }
        #expect(Self.difference(rest, open, rows: 0.62...0.78, columns: 0.4...0.6) > 8)
        #expect(Self.difference(rest, open, rows: 0.44...0.54, columns: 0.35...0.65) < 0.5)
    }

    @Test("a blink changes the eyes, not the mouth")
    func blink() throws {
        let rest = try Self.straight()
        let shut = try Self.straight { $0.blink = 1 }
        #expect(Self.difference(rest, shut, rows: 0.44...0.54, columns: 0.35...0.65) > 3)
        #expect(Self.difference(rest, shut, rows: 0.62...0.78, columns: 0.4...0.6) < 0.1)
    }

    @Test("the eyes follow the gaze, brows rise, lips round, press and smile")
    func expressions() throws {
        let rest = try Self.straight()
        let eyes = (rows: 0.44...0.54, columns: 0.35...0.65)
        let brows = (rows: 0.34...0.47, columns: 0.35...0.65)
        let lips = (rows: 0.62...0.74, columns: 0.38...0.62)
        let gaze = try Self.straight { $0.gazeX = 0.4 }
        #expect(Self.difference(rest, gaze, rows: eyes.rows, columns: eyes.columns) > 1)
        let raised = try Self.straight { $0.browRaise = 1 }
        #expect(Self.difference(rest, raised, rows: brows.rows, columns: brows.columns) > 1)
        for change: (inout HeadExpression) -> Void in [
            { $0.lipsRound = 1 }, { $0.lipsWide = 1 }, { $0.lipsPressed = 1 },
            { $0.lipsParted = 1 },
            { $0.smile = 1 },
        ] {
            let changed = try Self.straight(change)
            #expect(Self.difference(rest, changed, rows: lips.rows, columns: lips.columns) > 1)
        }
    }

    @Test("the backdrop stays still while the head moves")
    func stillBackdrop() throws {
        let head = try Self.small()
        let first = head.image(at: .zero)
        for second in [1.0, 3.7, 11.2] {
            let other = head.image(at: Self.seconds(second))
            for columns in [0.0...0.08, 0.92...1.0] {
                #expect(Self.difference(first, other, rows: 0...0.25, columns: columns) == 0)
            }
            #expect(Self.difference(first, other, rows: 0.2...0.8, columns: 0.3...0.7) > 0.5)
        }
    }

    @Test("pictures have the size asked for", arguments: [(2, 2), (34, 66), (160, 90), (64, 64)])
    func sizes(width: Int, height: Int) throws {
        let size = try #require(PictureSize(width: width, height: height))
        let head = SyntheticHead(seed: 3, size: size)
        let image = head.image(at: .zero)
        #expect(image.width == width)
        #expect(image.height == height)
        #expect(image.pixels.count == width * height * 3)
        let frame = head.frame(at: Self.seconds(2))
        #expect(frame.size == size)
        #expect(frame.time == Self.seconds(2))
    }

    @Test("every hair style, beard, clothing and backdrop can be drawn")
    func styles() throws {
        let size = try #require(PictureSize(width: 48, height: 48))
        var pictures: Set<RGBImage> = []
        var appearance = HeadAppearance(seed: 9)
        func draw() {
            let head = SyntheticHead(
                appearance: appearance, script: HeadScript(seed: 9), size: size)
            pictures.insert(head.image(at: .zero))
        }
        for style in HairStyle.allCases {
            appearance.hairStyle = style
            draw()
        }
        for hair in FacialHair.allCases where hair != appearance.facialHair {
            appearance.facialHair = hair
            draw()
        }
        for cloth in Clothing.allCases where cloth != appearance.clothing {
            appearance.clothing = cloth
            draw()
        }
        for backdrop in BackdropStyle.allCases where backdrop != appearance.backdrop {
            appearance.backdrop = backdrop
            draw()
        }
        let expected =
            HairStyle.allCases.count + FacialHair.allCases.count + Clothing.allCases.count
            + BackdropStyle.allCases.count - 3
        #expect(pictures.count == expected)
    }

    @Test("times far away and before the start can be drawn")
    func extremeTimes() throws {
        let head = try Self.small()
        for microseconds: Int64 in [.min, -1, 86_400_000_000, .max] {
            let image = head.image(at: MediaTime(microseconds: microseconds))
            #expect(image.width == Self.side)
        }
    }

    @Test("shapes, poses and expressions that are not numbers do not stop it")
    func notNumbers() throws {
        let size = try #require(PictureSize(width: 48, height: 48))
        for value in [Float.nan, .infinity, 1e30, -1e30] {
            var appearance = HeadAppearance(seed: 2)
            appearance.shape.jaw = value
            appearance.skin.x = value
            appearance.framing.distance = value
            let script = HeadScript(seed: 2)
            let strange = SyntheticHead(appearance: appearance, script: script, size: size)
            #expect(strange.image(at: .zero).pixels.count == 48 * 48 * 3)
            var pose = HeadPose()
            pose.yaw = value
            pose.shift.z = value
            var face = HeadExpression()
            face.blink = value
            face.jawOpen = value
            let head = SyntheticHead(seed: 2, size: size)
            #expect(head.image(pose: pose, expression: face).pixels.count == 48 * 48 * 3)
        }
    }
}
