/// How many things a value holds, by the names of its properties: whatever could grow without an end.
///
/// It looks into private properties, too, so that no collection that somebody adds stays unseen.
enum HeldState {
    /// The sizes of all collections in `value`, by the names of the properties on the way to each; of those with equal
    /// ways, as in the elements of an array, the largest.
    static func counts(of value: Any) -> [String: Int] {
        var counts: [String: Int] = [:]
        visit(value, [], &counts)
        return counts
    }

    private static func visit(_ value: Any, _ path: [String], _ counts: inout [String: Int]) {
        if let bytes = value as? [UInt8] { return note(bytes.count, path, &counts) }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .collection, .set, .dictionary:
            note(mirror.children.count, path, &counts)
            for child in mirror.children { visit(child.value, path, &counts) }
        case .optional, .tuple:
            for child in mirror.children { visit(child.value, path, &counts) }
        default:
            for child in mirror.children {
                visit(child.value, path + (child.label.map { [$0] } ?? []), &counts)
            }
        }
    }

    private static func note(_ count: Int, _ path: [String], _ counts: inout [String: Int]) {
        let name = path.joined(separator: ".")
        counts[name] = max(counts[name] ?? 0, count)
    }
}
