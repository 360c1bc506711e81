import Foundation
import RateQuality
import TestSupport
import Testing

@Suite("Rows of a run")
struct RowStoreTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    static func row(
        _ clip: String, _ codec: String, _ setting: String, order: Int = 0, rate: Double = 10,
        lpips: Double = 0.1
    ) -> RateQualityRow {
        RateQualityRow(
            clip: clip, codec: codec, setting: setting, order: order, pictures: 50, measured: 10,
            seconds: 2, payloadBytes: Int(rate * 250), wireBytes: Int(rate * 500), packets: 50,
            payloadRate: rate, wireRate: 2 * rate, encodeMilliseconds: 2, decodeMilliseconds: 1,
            encodeMebibytes: 10, decodeMebibytes: 5,
            quality: ["lpips": Spread([lpips], higherIsBetter: false)].compactMapValues(\.self))
    }

    private func pictures(_ row: RateQualityRow) -> PictureRow {
        PictureRow(
            clip: row.clip, codec: row.codec, setting: row.setting, pictures: [0],
            values: ["lpips": [row.mean(.lpips)], "akd": [nil]])
    }

    @Test func aRunGoesOnWhereItStopped() throws {
        let first = Self.row("a", "vp8", "30")
        let second = Self.row("a", "vp8", "40")
        try RowStore(folder: folder.path).add(first, pictures(first))
        // Interrupted in the middle of a line.
        let path = folder.file(RowStore.rowsName)
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data(#"{"clip":"a","co"#.utf8))
        let store = try RowStore(folder: folder.path)
        #expect(store.contains(first.key) && !store.contains(second.key))
        try store.add(second, pictures(second))
        #expect(RowStore.read(RateQualityRow.self, path) == [first, second])
        let values = RowStore.read(PictureRow.self, folder.file(RowStore.picturesName))
        #expect(values.map(\.key) == [first.key, second.key])
        #expect(values[0].values["akd"] == [nil])
    }

    @Test func rowsOfACodecCanBeThrownAway() throws {
        let rows = [Self.row("a", "vp8", "30"), Self.row("a", "vp9", "30")]
        for row in rows { try RowStore(folder: folder.path).add(row, pictures(row)) }
        let store = try RowStore(folder: folder.path, again: ["vp9"])
        #expect(Array(store.rows.keys) == [rows[0].key])
        #expect(RowStore.read(PictureRow.self, folder.file(RowStore.picturesName)).count == 1)
    }

    private func description(
        every: Int = 5, options: [String: [String]] = ["vp8": ["-qmin"]], network: String? = "w"
    ) -> RunDescription {
        RunDescription(
            conditions: .init(every: every, ffmpeg: "f", options: options, network: network),
            machine: .here, command: "go", clipCount: 1, jobs: 1, leftOut: [])
    }

    @Test func rowsOfOtherConditionsAreNotMixed() throws {
        _ = try description().write(folder.path)
        _ = try description(options: ["vp9": ["x"]]).write(folder.path)
        let all = try #require(RunDescription.read(folder.path))
        #expect(all.conditions.options.keys.sorted() == ["vp8", "vp9"])
        for other in [
            description(every: 6), description(options: ["vp9": ["y"]]), description(network: "v"),
        ] {
            #expect(throws: RunDescription.Failure.self) { try other.write(folder.path) }
        }
        _ = try description(options: ["vp9": ["y"]]).write(folder.path, again: ["vp9"])
        _ = try description(network: "v").write(folder.path, again: [OwnCodec.name])
    }

    @Test func settingsOfThisCodecMayBeAddedButNotChanged() throws {
        let first = ["q46: --step 9", "q30 +8: --step 6"]
        _ = try description(options: [OwnCodec.name: first]).write(folder.path)
        let all = try description(options: [OwnCodec.name: ["q63: --step 15", first[0]]])
            .write(folder.path)
        #expect(Set(all.conditions.options[OwnCodec.name] ?? []) == Set(first + ["q63: --step 15"]))
        #expect(throws: RunDescription.Failure.self) {
            try description(options: [OwnCodec.name: ["q46: --step 8"]]).write(folder.path)
        }
    }

    @Test func shardsArePutTogether() throws {
        let parts = try (0..<2).map { _ in try TemporaryFolder() }
        let rows = [Self.row("a", "vp8", "30"), Self.row("b", "vp8", "30")]
        for (part, row) in zip(parts, rows) {
            try RowStore(folder: part.path).add(row, pictures(row))
            _ = try description().write(part.path)
        }
        // A row that both have counts once.
        try RowStore(folder: parts[1].path).add(rows[0], pictures(rows[0]))
        let (merged, problems) = try RowMerge.merge(parts.map(\.path), into: folder.path)
        #expect(merged.clipCount == 2 && problems.isEmpty)
        #expect(Set(try RowStore(folder: folder.path).rows.values) == Set(rows))
        #expect(throws: RowMerge.Failure.self) {
            try RowMerge.merge([parts[0].path, "/nowhere"], into: folder.path)
        }
        let other = try TemporaryFolder()
        _ = try description(every: 9).write(other.path)
        #expect(throws: RowMerge.Failure.self) {
            try RowMerge.merge([parts[0].path, other.path], into: folder.path)
        }
    }
}
