import CSDL2
import Foundation
import Media
import Presentation
import Testing

/// Whether windows can be opened without disturbing anybody: on SDL's driver that draws into nothing.
private let hasDummyVideo: Bool = {
    unsafe csdl_choose_driver("dummy")
    guard csdl_start() == 0 else { return false }
    csdl_stop()
    return true
}()

@Suite(
    .serialized, .timeLimit(.minutes(1)),
    .enabled(if: hasDummyVideo, "needs SDL's dummy video driver"))
struct WindowPresenterTests {
    @Test func picturesAreTakenUntilTheEnd() throws {
        let window = try WindowPresenter(title: "Test")
        for number in 0..<50 { try window.show(#require(movingPicture(number))) }
        #expect(!window.isClosed)
        window.finish()
        window.finish()
        #expect(window.isClosed)
        try window.show(#require(movingPicture(0)))
    }

    @Test func closingTheWindowClosesTheSink() async throws {
        let window = try WindowPresenter(title: "Test")
        csdl_ask_to_close()
        while !window.isClosed { await Task.yield() }
        try window.show(#require(movingPicture(0)))
        window.finish()
    }

    @Test func aWindowCanFollowAnother() throws {
        for _ in 0..<3 {
            let window = try WindowPresenter(title: "Test", scale: 1)
            try window.show(#require(movingPicture(0)))
        }
    }

    @Test func picturesOfAnotherSizeAreRefused() throws {
        let small = try #require(PictureSize(width: 16, height: 16))
        let window = try WindowPresenter(title: "Test")
        #expect(throws: PresentationError.wrongSize(expected: .standard, found: small)) {
            try window.show(#require(movingPicture(0, size: small)))
        }
    }

    @Test func withoutADisplayThereIsAReason() {
        unsafe csdl_choose_driver("nonsense")
        defer { unsafe csdl_choose_driver("dummy") }
        let error = #expect(throws: PresentationError.self) {
            _ = try WindowPresenter(title: "Test")
        }
        guard case .noWindow(let reason)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
    }
}
