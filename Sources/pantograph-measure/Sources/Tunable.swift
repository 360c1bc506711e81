import Media

/// A number, or some, that a ``PolicyFile`` may change.
struct Tunable {
    /// What a file gives.
    enum Value: Decodable {
        case number(Double)
        case numbers([Int])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .numbers(try container.decode([Int].self))
            }
        }
    }

    /// What values it may have, in words.
    let wanted: String
    /// Changes it; whether the value is one that it may have.
    let set: (Value, inout PolicySettings) -> Bool

    static func number(
        _ range: ClosedRange<Double>, _ place: WritableKeyPath<PolicySettings, Double>
    ) -> Tunable {
        Tunable(range) { $1[keyPath: place] = $0 }
    }

    static func count(
        _ range: ClosedRange<Int>, _ place: WritableKeyPath<PolicySettings, Int>
    ) -> Tunable {
        Tunable(Double(range.lowerBound)...Double(range.upperBound), isWhole: true) {
            $1[keyPath: place] = Int($0)
        }
    }

    /// In seconds, of which none is longer than an hour.
    static func duration(_ place: WritableKeyPath<PolicySettings, Duration>) -> Tunable {
        Tunable(0.001...3600) { $1[keyPath: place] = .seconds($0) }
    }

    /// In thousands of bits a second.
    static func rate(_ place: WritableKeyPath<PolicySettings, Bitrate>) -> Tunable {
        Tunable(0...100_000) { $1[keyPath: place] = Bitrate(kilobitsPerSecond: $0) }
    }

    static func quantizers(_ place: WritableKeyPath<PolicySettings, [Int]>) -> Tunable {
        Tunable(wanted: "a list of numbers from 0 to 63") { value, settings in
            guard case .numbers(let numbers) = value, !numbers.isEmpty,
                numbers.allSatisfy((0...63).contains)
            else { return false }
            settings[keyPath: place] = numbers
            return true
        }
    }

    private init(wanted: String, set: @escaping (Value, inout PolicySettings) -> Bool) {
        self.wanted = wanted
        self.set = set
    }

    private init(
        _ range: ClosedRange<Double>, isWhole: Bool = false,
        _ change: @escaping (Double, inout PolicySettings) -> Void
    ) {
        let kind = isWhole ? "a whole number" : "a number"
        wanted = "\(kind) from \(range.lowerBound) to \(range.upperBound)"
        set = { value, settings in
            guard case .number(let number) = value, range.contains(number),
                !isWhole || number == number.rounded()
            else { return false }
            change(number, &settings)
            return true
        }
    }
}
