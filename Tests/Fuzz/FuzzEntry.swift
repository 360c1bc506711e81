import Glibc

/// What can be fuzzed: everything that reads bytes from outside, each with a corpus of its own name.
enum Fuzzer: String {
    case datagram, keypoints, source, receiver, sender, voice, tables, still, vp8, channel, key
    case stream, predicted

    func run(_ bytes: [UInt8]) {
        switch self {
        case .datagram: fuzzDatagram(bytes)
        case .keypoints: fuzzKeypoints(bytes)
        case .source: fuzzSource(bytes)
        case .receiver: fuzzReceiver(bytes)
        case .sender: fuzzSender(bytes)
        case .voice: fuzzVoice(bytes)
        case .tables: fuzzTables(bytes)
        case .still: fuzzStill(bytes, AV1StillDecoder())
        case .vp8: fuzzStill(bytes, VP8StillDecoder())
        case .channel: fuzzChannels(bytes)
        case .key: fuzzKey(bytes)
        case .stream: fuzzStream(bytes)
        case .predicted: fuzzPredicted(bytes)
        }
    }

    /// The one that `run.sh` has chosen.
    static let chosen: Fuzzer = {
        guard let name = unsafe getenv("PANTOGRAPH_FUZZER").map({ unsafe String(cString: $0) }),
            let fuzzer = Fuzzer(rawValue: name)
        else { fatalError("PANTOGRAPH_FUZZER names no fuzzer") }
        return fuzzer
    }()
}

/// What libFuzzer calls.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start = unsafe start, count > 0 else { return 0 }
    Fuzzer.chosen.run(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}
