import Media

/// Paints what stands behind a head.
struct Backdrop {
    private var canvas: Canvas
    private var random: RandomSequence
    private let noise: Noise
    private let appearance: HeadAppearance

    /// Paints the backdrop of an appearance, linear light, row by row.
    static func paint(_ appearance: HeadAppearance, size: PictureSize) -> [Vector3] {
        var backdrop = Backdrop(appearance, size: size)
        backdrop.paint()
        return backdrop.canvas.pixels
    }

    private init(_ appearance: HeadAppearance, size: PictureSize) {
        canvas = Canvas(size: size)
        random = RandomSequence(seed: appearance.seed, stream: 81)
        noise = Noise(seed: appearance.seed &+ 82)
        self.appearance = appearance
    }

    private mutating func paint() {
        switch appearance.backdrop {
        case .shelf: shelf()
        case .gallery: gallery()
        case .window: window()
        case .lights: lights()
        case .wallpaper: wallpaper()
        case .bricks: bricks()
        }
        let level = random.within(0.7...1)
        let noise = noise
        canvas.paint { x, y, c in c * level * (1 + 0.02 * noise.at(x * 190, y * 190)) }
    }

    /// A wall of one colour with the light of the main lamp fading over it.
    private mutating func wall(_ colour: Vector3) {
        let side: Float = appearance.lighting.keyDirection.x < 0 ? -1 : 1
        let noise = noise
        canvas.paint { x, y, _ in
            let fall = 0.78 + 0.32 * (side * x * 0.8 - y * 0.5)
            return colour * max(0.25, fall) * (1 + 0.05 * noise.layered(x * 5, y * 5))
        }
    }

    private mutating func wallColour() -> Vector3 {
        Colour.linear(
            hue: random.unit(), saturation: random.within(0.05...0.32),
            value: random.within(0.5...0.86))
    }

    private mutating func shelf() {
        wall(wallColour())
        let wood = mix(Colour.linear(120, 78, 46), Colour.linear(214, 186, 150), random.unit())
        for level in [random.within(-0.36 ... -0.2), random.within(0.06...0.2)] {
            var x = -canvas.right + random.within(-0.05...0.02)
            while x < canvas.right {
                if random.chance(0.72) {
                    // A run of books.
                    for _ in 0..<Int(random.within(3...8)) {
                        let w = random.within(0.018...0.042)
                        let h = random.within(0.10...0.17)
                        let c = Colour.linear(
                            hue: random.unit(), saturation: random.within(0.2...0.75),
                            value: random.within(0.25...0.8))
                        canvas.rectangle(x, level - h, x + w, level, colour: c * 0.75)
                        canvas.rectangle(
                            x + w * 0.25, level - h * 0.8, x + w * 0.75, level - h * 0.68,
                            colour: mix(c, Vector3(0.8, 0.75, 0.6), 0.6))
                        x += w + 0.002
                    }
                } else {
                    let c = Colour.linear(hue: random.unit(), saturation: 0.35, value: 0.75)
                    let r = random.within(0.03...0.05)
                    canvas.ellipse(x + r, level - r * 1.2, r, r * 1.25, colour: c * 0.8)
                    canvas.ellipse(
                        x + r * 0.7, level - r * 1.6, r * 0.3, r * 0.5, colour: c * 1.4, alpha: 0.4,
                        softness: 0.02)
                    canvas.rectangle(
                        x + r * 0.6, level - r * 3.0, x + r * 1.4, level - r * 2, colour: c * 0.7)
                    x += 2 * r + 0.01
                }
                x += random.within(0.0...0.09)
            }
            canvas.rectangle(
                -canvas.right - 0.1, level, canvas.right + 0.1, level + 0.022, colour: wood)
            canvas.rectangle(
                -canvas.right - 0.1, level + 0.022, canvas.right + 0.1, level + 0.05,
                colour: .zero, alpha: 0.28)
        }
        canvas.blur(random.within(0.004...0.012))
    }

    private mutating func gallery() {
        wall(wallColour())
        var x = -canvas.right + random.within(0.0...0.06)
        while x < canvas.right {
            let w = random.within(0.14...0.26)
            let h = random.within(0.16...0.30)
            let top = random.within(-0.46 ... -0.30)
            let frame =
                random.chance(0.5) ? Vector3(0.03, 0.025, 0.02) : Colour.linear(190, 150, 100)
            canvas.rectangle(
                x + 0.012, top + 0.014, x + w + 0.012, top + h + 0.014, colour: .zero, alpha: 0.25)
            canvas.rectangle(x, top, x + w, top + h, colour: frame)
            canvas.rectangle(
                x + 0.014, top + 0.014, x + w - 0.014, top + h - 0.014,
                colour: Vector3(0.75, 0.73, 0.7))
            let (a, b) = (
                wallColour(), Colour.linear(hue: random.unit(), saturation: 0.6, value: 0.6)
            )
            canvas.rectangle(x + 0.035, top + 0.035, x + w - 0.035, top + h - 0.035, colour: a)
            canvas.ellipse(
                x + w / 2, top + h * 0.55, w * 0.24, h * 0.2, turn: random.within(-1...1), colour: b
            )
            x += w + random.within(0.05...0.2)
        }
        plant(random.chance(0.5) ? -canvas.right + 0.12 : canvas.right - 0.12)
        canvas.blur(random.within(0.004...0.01))
    }

    private mutating func plant(_ x: Float) {
        let green = Colour.linear(70, 116, 58)
        let bottom = canvas.bottom
        canvas.rectangle(
            x - 0.07, bottom - 0.14, x + 0.07, bottom + 0.05, corner: 0.02,
            colour: Colour.linear(176, 108, 78))
        for _ in 0..<34 {
            let angle = random.within(-1.3...1.3)
            let reach = random.within(0.12...0.42)
            let cx = x + Elementary.sine(angle) * reach * 0.6
            let cy = bottom - 0.14 - Elementary.cosine(angle) * reach
            canvas.ellipse(
                cx, cy, 0.018, random.within(0.05...0.10), turn: angle * 1.2,
                colour: green * random.within(0.45...1.35))
        }
    }

    private mutating func window() {
        wall(wallColour() * 0.7)
        let left = random.within(-0.62 ... -0.1)
        let right = left + random.within(0.5...0.75)
        let top: Float = random.within(-0.55 ... -0.42)
        let bottom: Float = random.within(0.1...0.3)
        let sky = mix(Vector3(0.72, 0.85, 1.0), Vector3(1.0, 0.85, 0.7), random.unit() * 0.6)
        canvas.rectangle(left, top, right, bottom, colour: sky)
        for _ in 0..<26 {
            let y = bottom - random.within(0...0.3)
            canvas.ellipse(
                random.within(left + 0.05...right - 0.05), y, random.within(0.03...0.09),
                random.within(0.03...0.07),
                colour: Colour.linear(100, 130, 80) * random.within(0.5...1.6), softness: 0.03)
        }
        canvas.rectangle(left, bottom - 0.04, right, bottom, colour: Colour.linear(120, 140, 100))
        canvas.blur(0.02)
        let frame = Vector3(0.7, 0.69, 0.66)
        for x in [left, (left + right) / 2, right] {
            canvas.rectangle(x - 0.016, top, x + 0.016, bottom, colour: frame)
        }
        for y in [top, (top * 0.4 + bottom * 0.6), bottom] {
            canvas.rectangle(left - 0.016, y - 0.014, right + 0.016, y + 0.014, colour: frame)
        }
        canvas.rectangle(
            left - 0.06, bottom + 0.014, right + 0.06, bottom + 0.04, colour: frame * 0.8)
        let cloth = wallColour()
        for (from, to) in [(left - 0.16, left + 0.03), (right - 0.03, right + 0.16)] {
            var x = from
            while x < to {
                canvas.rectangle(
                    x, -0.6, x + 0.02, bottom + 0.25, corner: 0.006,
                    colour: cloth * random.within(0.6...1.05))
                x += 0.016
            }
        }
        canvas.blur(0.006)
    }

    private mutating func lights() {
        let base = Colour.linear(hue: random.unit(), saturation: 0.4, value: 0.26)
        canvas.paint { x, y, _ in base * (0.8 - 0.6 * y + 0.2 * x) }
        let warm = random.unit()
        for _ in 0..<46 {
            let hue = random.chance(0.7) ? 0.07 + 0.06 * random.unit() : warm
            let c = Colour.linear(hue: hue, saturation: random.within(0.2...0.8), value: 1)
            let r = random.within(0.02...0.06)
            canvas.ellipse(
                random.within(-canvas.right...canvas.right),
                random.within(-canvas.bottom...canvas.bottom * 0.6), r, r,
                colour: c * random.within(0.3...1.2), alpha: random.within(0.2...0.7))
        }
        canvas.blur(0.005)
    }

    private mutating func wallpaper() {
        wall(wallColour())
        let kind = random.unit()
        let step = random.within(0.07...0.16)
        let tint = Colour.linear(hue: random.unit(), saturation: 0.3, value: 0.7)
        let shift = random.unit()
        canvas.paint { x, y, c in
            let u = x / step + shift
            let v = y / step
            let fu = u - u.rounded()
            let fv = v - v.rounded()
            let mark: Float
            if kind < 0.35 {
                mark = smoothstep(0.30, 0.22, abs(fu))
            } else if kind < 0.7 {
                mark =
                    smoothstep(0.34, 0.28, abs(fu) + abs(fv))
                    - smoothstep(0.2, 0.15, abs(fu) + abs(fv))
            } else {
                mark = smoothstep(0.3, 0.22, (fu * fu + fv * fv).squareRoot())
            }
            return mix(c, tint * c * 1.3, 0.55 * mark)
        }
        // The edge of a door or a cupboard makes a room of it.
        if random.chance(0.6) {
            let x = (random.chance(0.5) ? -1 : 1) * random.within(0.28...0.45)
            let c = wallColour()
            let (a, b) = x < 0 ? (-canvas.right - 0.1, x) : (x, canvas.right + 0.1)
            canvas.rectangle(a, -0.42, b, canvas.bottom + 0.1, colour: c * 0.75)
            canvas.rectangle(a + 0.03, -0.36, b - 0.03, canvas.bottom + 0.1, colour: c * 0.62)
        }
        canvas.blur(0.005)
    }

    private mutating func bricks() {
        let mortar = Colour.linear(168, 158, 146)
        wall(mortar)
        let clay = mix(
            Colour.linear(150, 82, 62), Colour.linear(205, 196, 186), random.chance(0.5) ? 1 : 0)
        var row = 0
        var y = -canvas.bottom - 0.02
        while y < canvas.bottom {
            var x = -canvas.right - (row.isMultiple(of: 2) ? 0.0 : 0.065)
            while x < canvas.right {
                canvas.rectangle(
                    x, y, x + 0.122, y + 0.046, corner: 0.004,
                    colour: clay * random.within(0.62...1.05), alpha: 0.9)
                x += 0.13
            }
            y += 0.054
            row += 1
        }
        let noise = noise
        let side: Float = appearance.lighting.keyDirection.x < 0 ? -1 : 1
        canvas.paint { x, y, c in
            c * (0.85 + 0.5 * (side * x - 0.4 * y)) * (1 + 0.12 * noise.layered(x * 30, y * 30))
        }
        let lampX = -side * random.within(0.28...0.42)
        canvas.ellipse(
            lampX, -0.05, 0.34, 0.34, colour: Vector3(1.0, 0.7, 0.35), alpha: 0.35, softness: 0.34)
        canvas.rectangle(
            lampX - 0.008, 0.0, lampX + 0.008, canvas.bottom, colour: Vector3(0.05, 0.045, 0.04))
        canvas.rectangle(
            lampX - 0.085, -0.14, lampX + 0.085, 0.0, corner: 0.02, colour: Vector3(1.1, 0.88, 0.58)
        )
        canvas.blur(0.007)
    }
}
