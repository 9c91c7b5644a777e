/// Tells records that may have a shape of their own from records whose texts never come again: a shape is learned from the
/// second record that has it.
///
/// Learning costs as much as reading twenty records, and each shape takes a part of a tree that is bounded. Writers that
/// keep members in tables without an order, or name each record in a text that is shared, would fill it with shapes that
/// are never met again.
struct ShapeSightings: Sendable {
    private static let size = 1 << 10
    private let isEager: Bool
    /// Marks of records that were met once; a later one may take the place of an earlier one.
    private var marks = [UInt64](repeating: 0, count: size)

    /// - Parameter isEager: whether a mark counts as known when it is first met.
    init(isEager: Bool) { self.isEager = isEager }

    /// Whether a record with this mark was met before, as far as is remembered.
    ///
    /// - Parameter mark: a hash of what all records of a shape have in common.
    mutating func isKnown(_ mark: UInt64) -> Bool {
        let place = Int(truncatingIfNeeded: mark) & (Self.size - 1)
        if isEager || marks[place] == mark { return true }
        marks[place] = mark
        return false
    }
}
