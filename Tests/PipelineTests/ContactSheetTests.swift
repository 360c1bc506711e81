import Media
import Pipeline
import Testing

@Suite struct ContactSheetTests {
    private static func square(_ side: Int, _ value: UInt8) throws -> RGBImage {
        try #require(
            RGBImage(
                width: side, height: side,
                pixels: [UInt8](repeating: value, count: side * side * 3)))
    }

    @Test func anEmptySheetIsNoPicture() {
        #expect(ContactSheet().image == nil)
        var sheet = ContactSheet()
        sheet.add([])
        #expect(sheet.image == nil)
    }

    @Test func picturesStandInRowsWithWhiteBetween() throws {
        var sheet = ContactSheet()
        sheet.add([try Self.square(8, 1), try Self.square(8, 2)])
        sheet.add([try Self.square(8, 3)])
        let image = try #require(sheet.image)
        #expect(image.width == 20)
        #expect(image.height == 20)
        func pixel(_ x: Int, _ y: Int) -> UInt8 { image.pixels[(y * image.width + x) * 3] }
        #expect(pixel(0, 0) == 1 && pixel(7, 7) == 1)
        #expect(pixel(8, 0) == 255 && pixel(11, 7) == 255)
        #expect(pixel(12, 0) == 2 && pixel(19, 7) == 2)
        #expect(pixel(0, 11) == 255)
        #expect(pixel(0, 12) == 3 && pixel(7, 19) == 3)
        #expect(pixel(12, 12) == 255)
    }

    @Test func aSheetPastTheLargestPictureIsNone() throws {
        var sheet = ContactSheet()
        for _ in 0..<40 { sheet.add([try Self.square(256, 0)]) }
        #expect(sheet.image == nil)
    }

    @Test func differencesAreThreefoldAndLimited() throws {
        let difference = try #require(
            ContactSheet.difference(Self.square(2, 100), Self.square(2, 110)))
        #expect(difference.pixels.allSatisfy { $0 == 30 })
        let large = try #require(ContactSheet.difference(Self.square(2, 0), Self.square(2, 200)))
        #expect(large.pixels.allSatisfy { $0 == 255 })
        #expect(try ContactSheet.difference(Self.square(2, 0), Self.square(3, 0)) == nil)
    }
}
