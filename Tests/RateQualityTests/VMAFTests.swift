import Foundation
import RateQuality
import Testing

@Suite("VMAF's log")
struct VMAFTests {
    /// As libvmaf 3 writes it with n_subsample=5: only each fifth picture has a value.
    @Test func valuesComeInTheOrderOfPictures() throws {
        let log = """
            {"version": "3.0.0", "fps": 118.4, "frames": [
              {"frameNum": 5, "metrics": {"integer_motion": 0.5, "vmaf": 71.25}},
              {"frameNum": 0, "metrics": {"integer_motion": 0.0, "vmaf": 93.5}},
              {"frameNum": 6, "metrics": {"integer_motion": 0.7}}
            ], "pooled_metrics": {"vmaf": {"min": 71.25, "mean": 82.375}}, "aggregate_metrics": {}}
            """
        #expect(try VMAF.values(in: Data(log.utf8)) == [93.5, 71.25])
    }

    @Test(arguments: ["", "{", "{\"frames\": [{\"metrics\": {}}]}", "[]"])
    func whatIsNoLogIsRefused(log: String) {
        #expect(throws: (any Error).self) { try VMAF.values(in: Data(log.utf8)) }
    }
}
