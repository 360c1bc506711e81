/// NAL units behind start codes (annex B of H.264, H.265 and H.266).
struct AnnexB {
    private let format: BitstreamFormat

    init(_ format: BitstreamFormat) { self.format = format }

    /// What a NAL unit is for.
    private enum Role {
        /// A slice of a picture.
        case slice
        /// What goes before the slices.
        case header
        /// What no receiver needs.
        case useless
    }

    /// The NAL units of each picture; every picture is taken to be one slice, as encoders are asked.
    func pictures(in file: [UInt8]) -> [CodedPicture] {
        var pictures = [CodedPicture]()
        var parts = [Int]()
        for unit in Self.units(in: file) {
            let role = role(of: unit)
            if role != .useless { parts.append(unit.count) }
            guard role == .slice else { continue }
            pictures.append(CodedPicture(parts: parts, bytes: parts.reduce(0, +)))
            parts = []
        }
        return pictures
    }

    /// H.264 table 7-1, H.265 table 7-1, H.266 table 5.
    private func role(of unit: ArraySlice<UInt8>) -> Role {
        guard let first = unit.first, let second = unit.dropFirst().first else { return .useless }
        switch format {
        case .h264:
            switch first & 0x1F {
            case 1...5: return .slice
            case 6, 9...12: return .useless
            default: return .header
            }
        case .h265:
            switch first >> 1 & 0x3F {
            case 0...31: return .slice
            case 35...40: return .useless
            default: return .header
            }
        default:
            switch second >> 3 {
            case 0...11: return .slice
            case 20...25: return .useless
            default: return .header
            }
        }
    }

    /// What lies between start codes (00 00 01), without zeros at the end.
    private static func units(in file: [UInt8]) -> [ArraySlice<UInt8>] {
        var starts = [Int]()
        var index = 2
        while index < file.count {
            // A byte over 1 cannot end a start code, nor can the two after it begin one before it.
            if file[index] > 1 {
                index += 3
            } else if file[index] == 1, file[index - 1] == 0, file[index - 2] == 0 {
                starts.append(index + 1)
                index += 3
            } else {
                index += 1
            }
        }
        return starts.enumerated().map { number, start in
            var end = number + 1 < starts.count ? starts[number + 1] - 3 : file.count
            while end > start, file[end - 1] == 0 { end -= 1 }
            return file[start..<end]
        }
    }
}
