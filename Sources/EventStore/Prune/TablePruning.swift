public import GRDB

/// The tables that a room owns, as far as a prune takes something out of them: the room knows what must stay true of its
/// counts, the store only when its turn is.
public protocol TablePruning: Sendable {
    /// Removes what followed from events before a time alone; these are gone, but for those of spared identities, whose
    /// numbers stand in `temp.spared(identity)`.
    ///
    /// - Parameter cutoff: microseconds since 1970; whole hours.
    /// - Returns: how many registration attempts went.
    /// - Throws: `DatabaseError`.
    func prune(before cutoff: Int64, _ connection: Database) throws -> Int
}
