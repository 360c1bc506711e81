import Foundation
import RateQuality
import TestSupport
import Testing

@Suite("Search for ffmpeg")
struct FFmpegSearchTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A program that does what a shell says.
    private func program(_ name: String, _ script: String) throws -> String {
        let path = try folder.write(Array("#!/bin/sh\n\(script)\n".utf8), to: name)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    @Test func whatIsNamedIsTaken() {
        #expect(FFmpegSearch(named: "mine").path == "mine")
    }

    @Test func thePackageGoesBeforeThePath() throws {
        let theirs = try program("their-ffmpeg", "exit 0")
        let python = try program("python", "echo \(theirs)")
        #expect(FFmpegSearch(named: nil, python: python).path == theirs)
    }

    @Test(arguments: ["echo /nowhere/ffmpeg", "exit 1", "echo"])
    func withoutThePackageItIsTheShells(script: String) throws {
        let python = try program("python", script)
        #expect(FFmpegSearch(named: nil, python: python).path == "ffmpeg")
        #expect(FFmpegSearch(named: nil, python: folder.file("none")).path == "ffmpeg")
    }
}
