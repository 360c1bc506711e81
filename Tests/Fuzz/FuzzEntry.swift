/// libFuzzer's entry: the first byte chooses what the others are given to.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let start, count > 0 else { return 0 }
    let bytes = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    // This one came later than the corpus, which the others' numbers are for.
    if start.pointee == 0xF0 {
        fuzzVoice(bytes)
        return 0
    }
    switch start.pointee % 5 {
    case 0: fuzzDatagram(bytes)
    case 1: fuzzKeypoints(bytes)
    case 2: fuzzSource(bytes)
    case 3: fuzzReceiver(bytes)
    default: fuzzSender(bytes)
    }
    return 0
}
