extension KeypointNumbers {
    /// The pictures that these numbers make of a reference, in whole numbers alone
    /// (`Protocol/keypoints.md`, section 6).
    ///
    /// No sum can leave 64 bits: numbers stay below 2^14, steps below 2^14, tables below 2^15, and
    /// at most 6 and 192 of them are added.
    package func states(from reference: KeypointState, tables: KeypointTables) -> [KeypointState] {
        let size = tables.size
        let time = tables.time[pictureCount - 1]
        return (0..<pictureCount).map { picture in
            let moves = (0..<size).map { component in
                var sum = 0
                for other in 0..<pictureCount {
                    sum +=
                        Int(time[other * pictureCount + picture]) * values[other * size + component]
                }
                return (sum * step.size) >> 14
            }
            // Most components do not move.
            let moved = moves.indices.filter { moves[$0] != 0 }
            return KeypointState(
                values: (0..<size).map { row in
                    var sum = 32768
                    for component in moved {
                        sum += Int(tables.basis[row * size + component]) * moves[component]
                    }
                    return Int16(clamping: Int(reference.values[row]) + (sum >> 16))
                })
        }
    }
}
