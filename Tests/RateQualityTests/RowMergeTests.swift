import Foundation
import RateQuality
import TestSupport
import Testing

/// Folders that were measured with different codecs, and what they make together.
@Suite("Merging")
struct RowMergeTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A folder of results without rows.
    private func run(
        _ name: String, ffmpeg: String?, options: [String: [String]], network: String?
    ) throws -> String {
        let path = folder.file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try RunDescription(
            conditions: .init(every: 5, ffmpeg: ffmpeg, options: options, network: network),
            machine: .here, command: "measure \(name)", clipCount: 1, jobs: 1, leftOut: []
        ).write(path)
        return path
    }

    @Test func whatOnlyALaterFolderKnowsIsKept() throws {
        let others = try run("others", ffmpeg: "f 9", options: ["vp8": ["x"]], network: nil)
        let ours = try run("ours", ffmpeg: nil, options: ["pantograph": ["q"]], network: "00ff")
        for folders in [[others, ours], [ours, others]] {
            let out = folder.file("out")
            try? FileManager.default.removeItem(atPath: out)
            try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
            let (merged, _) = try RowMerge.merge(folders, into: out)
            #expect(merged.conditions.network == "00ff" && merged.conditions.ffmpeg == "f 9")
            #expect(merged.conditions.options.keys.sorted() == ["pantograph", "vp8"])
            #expect(merged.machine.processor == Machine.here.processor)
        }
    }

    @Test func conflictsAreFoundBetweenAnyTwo() throws {
        let first = try run("first", ffmpeg: "f", options: ["vp8": ["x"]], network: nil)
        let second = try run("second", ffmpeg: "f", options: ["vp9": ["y"]], network: "00")
        let third = try run("third", ffmpeg: "f", options: ["h264": ["z"]], network: "ff")
        let error = #expect(throws: RowMerge.Failure.self) {
            try RowMerge.merge([first, second, third], into: folder.path)
        }
        #expect(error?.description.contains("second and ") == true)
    }

    @Test func rowsMeasuredWithOtherWeightsOfAMetricDoNotFitTogether() throws {
        func conditions(_ metrics: [String: String]?) -> RunDescription.Conditions {
            RunDescription.Conditions(
                every: 1, ffmpeg: nil, options: [:], network: nil, metrics: metrics)
        }
        let mine = conditions(["LPIPS": "aa"])
        #expect(mine.conflict(with: conditions(["LPIPS": "bb"])) == "other weights of LPIPS")
        // A metric that only one has is no matter, nor are descriptions that do not tell.
        for other in [conditions(["LPIPS": "aa", "AKD": "cc"]), conditions(nil)] {
            #expect(mine.conflict(with: other) == nil && other.conflict(with: mine) == nil)
        }
        let merged = mine.merged(with: conditions(["AKD": "cc"]))
        #expect(merged.metrics == ["LPIPS": "aa", "AKD": "cc"])
        #expect(conditions(nil).merged(with: mine).metrics == ["LPIPS": "aa"])

        let file = folder.file("weights")
        try Data("abc".utf8).write(to: URL(filePath: file))
        let weights = MeasureTools.Weights(lpips: file, mtcnn: nil, dists: folder.file("none"))
        // SHA-256 of "abc", FIPS 180-4.
        #expect(
            weights.digests == [
                "LPIPS": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            ])
    }

    @Test func picturesSideBySideComeAlongUnlessTheyMayNot() throws {
        var folders = [String]()
        for name in ["a", "b"] {
            let path = try run(name, ffmpeg: "f", options: [:], network: nil)
            let pictures = "\(path)/side-by-side"
            try FileManager.default.createDirectory(
                atPath: pictures, withIntermediateDirectories: true)
            for end in ["json", "jpg", "mp4"] {
                try Data(name.utf8).write(to: URL(filePath: "\(pictures)/\(name).\(end)"))
                try Data(name.utf8).write(to: URL(filePath: "\(pictures)/both.\(end)"))
            }
            folders.append(path)
        }
        let out = try TemporaryFolder()
        _ = try RowMerge.merge(folders, into: out.path)
        let found = try FileManager.default.contentsOfDirectory(atPath: out.file("side-by-side"))
        #expect(Set(found.map { $0.prefix { $0 != "." } }) == ["a", "b", "both"])
        #expect(
            try String(contentsOfFile: out.file("side-by-side/both.jpg"), encoding: .utf8) == "a")
        // Once more: what is there stays.
        _ = try RowMerge.merge(folders, into: out.path)
        let without = try TemporaryFolder()
        _ = try RowMerge.merge(folders, into: without.path, withPictures: false)
        #expect(!FileManager.default.fileExists(atPath: without.file("side-by-side")))
    }
}
