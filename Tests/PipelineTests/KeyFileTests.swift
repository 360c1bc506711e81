import Foundation
import Pipeline
import Security
import TestSupport
import Testing

@Suite struct KeyFileTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func aMadeKeyIsReadBackAndIsItsOwnersAlone() throws {
        let folder = try TemporaryFolder()
        try KeyFile.makeShared(at: folder.file("a.key"))
        try KeyFile.makeShared(at: folder.file("b.key"))
        let first = try KeyFile.shared(at: folder.file("a.key"))
        #expect(try first.text == KeyFile.shared(at: folder.file("a.key")).text)
        #expect(try first.text != KeyFile.shared(at: folder.file("b.key")).text)
        #expect(try mode(folder.file("a.key")) == 0o600)
    }

    @Test func staticKeysComeInTwoFiles() throws {
        let folder = try TemporaryFolder()
        try KeyFile.makeStatic(at: folder.file("me"))
        let own = try KeyFile.staticKey(at: folder.file("me"))
        #expect(try KeyFile.publicKey(at: folder.file("me.pub")).text == own.publicKey.text)
        #expect(try mode(folder.file("me")) == 0o600)
        #expect(throws: KeyFileError.self) { try KeyFile.publicKey(at: folder.file("me")) }
        #expect(throws: KeyFileError.self) { try KeyFile.shared(at: folder.file("me")) }
    }

    @Test func aKeyIsNotReplaced() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write([1], to: "me.pub")
        #expect(throws: KeyFileError.exists(path: path)) {
            try KeyFile.makeStatic(at: folder.file("me"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("me")))
        #expect(throws: KeyFileError.exists(path: path)) { try KeyFile.makeShared(at: path) }
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o644, 0o777])
    func aFileThatOthersMayUseIsRefused(_ mode: Int) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.key")
        try KeyFile.makeShared(at: path)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        #expect(throws: KeyFileError.othersMayRead(path: path, mode: String(mode, radix: 8))) {
            try KeyFile.shared(at: path)
        }
    }

    @Test func otherFilesAreRefusedAndNotShown() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array("my diary".utf8), to: "diary")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let error = #expect(throws: KeyFileError.self) { try KeyFile.shared(at: path) }
        #expect(error.map { !$0.description.contains("my diary") } == true)
        #expect(throws: KeyFileError.notAFile(path: folder.path)) {
            try KeyFile.shared(at: folder.path)
        }
        #expect(throws: KeyFileError.notAFile(path: "/dev/zero")) {
            try KeyFile.publicKey(at: "/dev/zero")
        }
        #expect(throws: KeyFileError.self) { try KeyFile.shared(at: folder.file("none")) }
    }
}
