internal import COpenVINO

/// Throws the error that `failure` makes of the engine's words where a call did not succeed.
func check(
    _ status: pov_status_t, _ failure: (String) -> InferenceError = { .engine(reason: $0) }
) throws(InferenceError) {
    guard status != pov_status_t(POV_STATUS_OK) else { return }
    throw failure(lastMessage(status))
}

/// What the engine last complained about, on one line and not endless.
private func lastMessage(_ status: pov_status_t) -> String {
    var bytes = [CChar](repeating: 0, count: 2048)
    let length = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
        unsafe buffer.baseAddress.map { unsafe pov_copy_last_error($0, buffer.count) } ?? 0
    }
    let text = String(decoding: bytes.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return line.isEmpty ? "status \(status)" : line
}
