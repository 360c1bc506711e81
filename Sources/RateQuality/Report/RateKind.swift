/// Which bits are counted.
package enum RateKind: String, Codable, CaseIterable, Hashable, Sendable {
    /// What the codec made.
    case payload
    /// The same in packets, with all headers.
    case wire

    func rate(_ row: RateQualityRow) -> Double {
        switch self {
        case .payload: row.payloadRate
        case .wire: row.wireRate
        }
    }

    package var title: String {
        switch self {
        case .payload: "payload"
        case .wire: "on the wire"
        }
    }
}
