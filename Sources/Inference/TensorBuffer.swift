import Glibc

/// Memory for tensors that a model reads in place: aligned, zero at first, at a fixed address.
///
/// Pages that were never written take no memory, so a buffer may be made for the largest case.
@safe public final class TensorBuffer {
    /// How many floats fit.
    public let count: Int

    private let base: UnsafeMutableRawPointer
    private let byteCount: Int

    /// Reserves room for `count` floats, all zero.
    ///
    /// - Throws: ``InferenceError/outOfMemory(bytes:)``.
    public init(count: Int) throws(InferenceError) {
        let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(
            by: MemoryLayout<Float>.stride)
        // Anonymous pages instead of malloc: page-aligned, zero, and only resident once written.
        guard !overflow,
            let base = unsafe mmap(
                nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            unsafe base != MAP_FAILED
        else { throw .outOfMemory(bytes: overflow ? .max : bytes) }
        unsafe self.base = base
        byteCount = bytes
        self.count = max(count, 0)
    }

    deinit { unsafe munmap(base, byteCount) }

    /// Reads the floats in place.
    public func withElements<Result, Failure: Error>(
        _ body: (Span<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(unsafe UnsafeBufferPointer(start: floats, count: count).span)
    }

    /// Changes the floats in place.
    public func withMutableElements<Result, Failure: Error>(
        _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var span = unsafe UnsafeMutableBufferPointer(start: floats, count: count).mutableSpan
        return try body(&span)
    }

    /// Copies floats to `offset` and on; what would not fit is left away.
    public func write(_ elements: Span<Float>, at offset: Int = 0) {
        guard offset >= 0, offset < count else { return }
        let copied = min(elements.count, count - offset)
        unsafe elements.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe (floats + offset).update(from: start, count: copied)
        }
    }

    /// Copies `length` floats within the buffer; nothing happens where they lie outside of it.
    public func copy(from source: Int, to destination: Int, length: Int) {
        guard source >= 0, destination >= 0, length >= 0, length <= count,
            max(source, destination) <= count - length
        else { return }
        unsafe (floats + destination).update(from: floats + source, count: length)
    }

    /// Copies `length` floats of another buffer here; nothing happens where they lie outside of either.
    public func copy(from other: TensorBuffer, _ source: Int, to destination: Int, length: Int) {
        guard source >= 0, destination >= 0, length >= 0, length <= min(count, other.count),
            source <= other.count - length, destination <= count - length
        else { return }
        unsafe (floats + destination).update(from: other.floats + source, count: length)
    }

    /// Where the engine reads; lives as long as this buffer.
    var address: UnsafeMutableRawPointer { unsafe base }

    private var floats: UnsafeMutablePointer<Float> {
        unsafe base.assumingMemoryBound(to: Float.self)
    }
}
