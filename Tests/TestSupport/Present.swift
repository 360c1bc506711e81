/// A value that a test's input must have was not there.
public struct MissingValue: Error {
    /// What was looked for.
    public let type: String

    /// Names what was looked for.
    public init(type: String) { self.type = type }
}

/// The value, or an error that names its type; unlike `#require` it can stand inside another one.
public func present<T>(_ value: T?) throws -> T {
    guard let value else { throw MissingValue(type: "\(T.self)") }
    return value
}
