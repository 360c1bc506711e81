import ArgumentParser

/// A part of the clips: `2/5` is the second of five.
struct Shard: ExpressibleByArgument, Hashable, Sendable {
    let index: Int
    let count: Int

    init?(argument: String) {
        let parts = argument.split(separator: "/").map { Int($0) }
        guard parts.count == 2, let index = parts[0], let count = parts[1], count > 0,
            (1...count).contains(index)
        else { return nil }
        self.index = index
        self.count = count
    }

    /// Which of `all` belong to it: every so-many-th one, so that parts take about as long.
    func part<Element>(of all: [Element]) -> [Element] {
        all.enumerated().filter { $0.offset % count == index - 1 }.map(\.element)
    }
}
