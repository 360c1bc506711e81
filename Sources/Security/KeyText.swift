/// The text of a key file: a line that says what it is, then the key's 64 hexadecimal digits.
struct KeyText {
    private let header: String

    static let shared = KeyText(header: "pantograph pre-shared key 1")
    static let staticPrivate = KeyText(header: "pantograph static private key 1")
    static let staticPublic = KeyText(header: "pantograph static public key 1")

    func text(of key: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        let hex = key.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(header)\n\(String(hex))\n"
    }

    func parse(_ text: String) throws(KeyTextError) -> [UInt8] {
        // Line ends of other systems are white space as well.
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.first.map(String.init) == header else { throw .header(expected: header) }
        guard lines.count == 2 else { throw .digits }
        let digits = lines[1].utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == 2 * PreSharedKey.length else { throw .digits }
        var key: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { throw .digits }
            key.append(UInt8(high << 4 | low))
        }
        return key
    }
}
