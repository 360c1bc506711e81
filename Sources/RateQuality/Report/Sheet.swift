import Foundation

/// A clip's pictures side by side, as a report shows them.
struct Sheet {
    let clip: String
    /// What the columns are.
    let columns: [String]
    let image: Data
    let video: Data

    /// All that lie in a folder, by name.
    static func all(in folder: String) -> [Sheet] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            let stem = "\(folder)/\(name.dropLast(5))"
            let read = { FileManager.default.contents(atPath: stem + $0) }
            guard let labels = read(".json"), let image = read(".jpg"), let video = read(".mp4"),
                let columns = try? JSONDecoder().decode([String].self, from: labels)
            else { return nil }
            return Sheet(
                clip: String(name.dropLast(5)), columns: columns, image: image, video: video)
        }
    }
}
