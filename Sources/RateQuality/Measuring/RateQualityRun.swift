package import Foundation
package import Pipeline
import Synchronization

/// Measures the clips of a folder, some at once.
package final class RateQualityRun: Sendable {
    /// A clip and what rows call it.
    package struct Clip: Sendable {
        package let name: String
        package let url: URL
        /// Whether slow codecs are measured on it, too.
        package let isForSlow: Bool

        package init(name: String, url: URL, isForSlow: Bool = true) {
            self.name = name
            self.url = url
            self.isForSlow = isForSlow
        }
    }

    private struct State {
        var store: RowStore
        var next = 0
        var made = 0
        var problems = [Problem]()
        var failure: (any Error)?
    }

    private let plan: Plan
    private let clips: [Clip]
    private let folder: String
    private let ffmpeg: FFmpegProgram?
    private let progress: ProgressLine
    private let done: Set<RateQualityRow.Key>
    private let state: Mutex<State>
    private let energy: EnergyMeter?
    private let start = ContinuousClock.now

    /// Takes up what the folder holds already.
    package init(
        plan: Plan, clips: [Clip], folder: String, ffmpeg: FFmpegProgram?, energy: EnergyMeter?,
        again: Set<String>, progress: ProgressLine
    ) throws {
        self.plan = plan
        self.clips = clips
        self.folder = folder
        self.ffmpeg = ffmpeg
        self.energy = energy
        self.progress = progress
        let store = try RowStore(folder: folder, again: again)
        done = Set(store.rows.keys)
        state = Mutex(State(store: store))
    }

    /// Rows that were there before.
    package var resumedCount: Int {
        clips.reduce(0) { $0 + plan(for: $1).keys($1.name).count { done.contains($0) } }
    }

    /// What is measured on a clip.
    private func plan(for clip: Clip) -> Plan { clip.isForSlow ? plan : plan.withoutSlow }

    /// Measures what is missing, `jobs` clips at once.
    ///
    /// - Returns: what could not be measured.
    /// - Throws: where rows cannot be written, or weights cannot be read.
    package func run(jobs: Int) async throws -> [Problem] {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, min(jobs, clips.count)) {
                group.addTask { try self.work() }
            }
            try await group.waitForAll()
        }
        progress.clear()
        return state.withLock(\.problems)
    }

    private func work() throws {
        let tools = try MeasureTools(plan.weights)
        while let clip = nextClip() {
            let scratch = "\(folder)/scratch/\(clip.name.replacing("/", with: "_"))"
            let run = ClipRun(
                plan: plan(for: clip), name: clip.name, clip: clip.url, folder: scratch,
                ffmpeg: ffmpeg,
                energy: energy, tools: tools, done: done,
                report: { try self.add($0, $1) }, complain: { self.add($0) })
            do {
                try run.run()
                if plan.wantsPictures { try lay(clip, scratch) }
            } catch let error as ReportError {
                throw error
            } catch {
                add(Problem(clip: clip.name, reason: "\(error)"))
            }
            try? FileManager.default.removeItem(atPath: scratch)
        }
    }

    private func nextClip() -> Clip? {
        state.withLock { state in
            guard state.next < clips.count else { return nil }
            state.next += 1
            return clips[state.next - 1]
        }
    }

    private func lay(_ clip: Clip, _ scratch: String) throws {
        guard let ffmpeg, FileManager.default.fileExists(atPath: scratch) else { return }
        let rows = state.withLock { state in
            state.store.rows.values.filter { $0.clip == clip.name }
        }
        do {
            try SideBySide(
                ffmpeg: ffmpeg, scratch: scratch, folder: "\(folder)/\(SideBySide.folderName)"
            )
            .make(clip.name, rows, plan)
        } catch {
            add(Problem(clip: clip.name, reason: "no pictures side by side: \(error)"))
        }
    }

    private func add(_ row: RateQualityRow, _ pictures: PictureRow) throws {
        let line = try state.withLock { state in
            try state.store.add(row, pictures)
            state.made += 1
            return progressText(made: state.made, latest: row)
        }
        progress.show(line)
    }

    private func add(_ problem: Problem) { state.withLock { $0.problems.append(problem) } }

    private func progressText(made: Int, latest row: RateQualityRow) -> String {
        let all = clips.reduce(0) { $0 + plan(for: $1).rowsPerClip } - resumedCount
        let passed = (ContinuousClock.now - start) / Duration.seconds(1)
        let left = passed / Double(made) * Double(max(0, all - made))
        let minutes = Int((left / 60).rounded(.up))
        return "\(made) of \(all) rows, some \(minutes) min left: "
            + "\(row.clip), \(row.codec) \(row.setting)"
    }
}
