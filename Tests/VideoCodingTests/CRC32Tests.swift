import Testing

import VideoCoding

@Suite struct CRC32Tests {
    /// The check value of the CRC catalogue for "123456789".
    @Test func itIsTheOneOfEthernet() {
        #expect(CRC32.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926)
        #expect(CRC32.checksum([]) == 0)
    }
}
