/// Which other version of the protocol somebody calls in.
///
/// Such a caller is never answered (`Protocol/invariants.md`), so a user should learn of it at the end that
/// is called.
public enum ForeignVersion {
    /// The version of a datagram that looks like a call in another version than this build's: a question, or
    /// one that nothing protects; nothing for all others.
    public static func ofCall(_ bytes: Span<UInt8>) -> UInt8? {
        guard bytes.count > 1 else { return nil }
        let version = bytes[0] & 0x1F
        guard version > 0, version != SecurityConstants.version else { return nil }
        switch bytes[0] >> 5 {
        // The second byte of a plain datagram says so, too.
        case 0: return bytes[1] == 0 ? version : nil
        case 2: return bytes.count == SecurityConstants.handshakeLength ? version : nil
        default: return nil
        }
    }
}
