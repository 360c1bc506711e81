import ArgumentParser

/// Rates in thousands of bits a second with commas between.
struct RateList: ExpressibleByArgument {
    let rates: [Double]

    init(_ rates: [Double]) { self.rates = rates }

    init?(argument: String) {
        let parts = argument.split(separator: ",")
        rates = parts.compactMap { Double($0) }.filter { (4...100_000).contains($0) }
        guard !rates.isEmpty, rates.count == parts.count else { return nil }
    }

    var defaultValueDescription: String { rates.map { "\($0)" }.joined(separator: ",") }
}
