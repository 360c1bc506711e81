import Presentation
import TestSupport
import Testing

@Suite struct PictureOutputTests {
    @Test func namesAreToldApart() throws {
        let folder = try TemporaryFolder()
        #expect(PictureOutput("-") == .standardOutput)
        #expect(PictureOutput("window") == .window)
        #expect(PictureOutput("new/") == .directory(path: "new/"))
        #expect(PictureOutput(folder.path) == .directory(path: folder.path))
        #expect(PictureOutput("out.mkv") == .file(path: "out.mkv"))
    }

    @Test func openingGivesTheSinkThatWasNamed() throws {
        let folder = try TemporaryFolder()
        #expect(try PictureOutput(folder.file("a.mkv")).open() is VideoFileWriter)
        #expect(try PictureOutput(folder.file("b/")).open() is PNGDirectoryWriter)
        #expect(try PictureOutput("-").open() is Y4MWriter)
        #expect(throws: PresentationError.self) { _ = try PictureOutput("x.nonsense").open() }
    }
}
