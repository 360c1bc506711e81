import Inference
import Testing

import Quality

@Suite("Safetensors")
struct SafetensorsTests {
    static let header =
        #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
        + #""h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]}}"#

    /// A file with this header and these bytes behind it.
    static func file(_ header: String, content: [UInt8]) -> [UInt8] {
        let text = Array(header.utf8)
        return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text + content
    }

    static let good = file(header, content: [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 1, 2, 3, 4])

    @Test func aTensorIsRead() throws {
        let tensors = try Safetensors(Self.good, path: "file")
        #expect(try tensors.tensor("a", shape: [2]).elements == [1, -2])
    }

    @Test func otherNamesShapesAndTypesAreRefused() throws {
        let tensors = try Safetensors(Self.good, path: "file")
        for (name, shape) in [("b", [2]), ("a", [1, 2]), ("a", [3]), ("h", [2])] {
            #expect(throws: QualityError.tensor(path: "file", name: name)) {
                try tensors.tensor(name, shape: shape)
            }
        }
    }

    @Test func everyTruncationIsRefused() {
        for length in 0..<Self.good.count - 4 {
            #expect(throws: QualityError.self) {
                try Safetensors(Array(Self.good.prefix(length)), path: "file")
                    .tensor("a", shape: [2])
            }
        }
    }

    @Test(arguments: [
        "", "[]", "nonsense", #"{"a":1}"#, #"{"a":{"dtype":"F32"}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,9]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[-9223372036854775808,9223372036854775807]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,99999999999999999999]}}"#,
    ])
    func hostileHeadersAreRefused(header: String) {
        #expect(throws: QualityError.self) {
            try Safetensors(Self.file(header, content: [UInt8](repeating: 0, count: 12)), path: "f")
                .tensor("a", shape: [2])
        }
    }

    @Test func aLengthBeyondTheFileIsRefused() {
        for first in [UInt8(0), 0xFF] {
            let bytes = [first] + [UInt8](repeating: 0xFF, count: 20)
            #expect(throws: QualityError.self) { try Safetensors(bytes, path: "file") }
        }
    }
}
