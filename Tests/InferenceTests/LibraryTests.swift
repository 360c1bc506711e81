import Glibc
import Inference
import Testing

/// The library is opened once in a process, so each case takes a process of its own.
@Suite("Opening the library")
struct LibraryTests {
    @Test func aFolderWithoutTheLibraryIsAnError() async {
        await #expect(processExitsWith: .exitCode(3)) {
            unsafe setenv("PANTOGRAPH_OPENVINO", "/nowhere", 1)
            for _ in 0..<2 {
                do throws(InferenceError) {
                    _ = try Engine()
                } catch {
                    guard case .libraryMissing(let reason) = error, reason.contains("/nowhere"),
                        "\(error)".contains("Examples/install.sh")
                    else { exit(1) }
                    continue
                }
                exit(2)
            }
            exit(3)
        }
    }

    @Test func theVersionIsThatOfTheInstaller() throws {
        #expect(try Engine().version.hasPrefix("2026."))
    }
}
