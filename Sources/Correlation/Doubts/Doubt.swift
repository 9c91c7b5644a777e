/// A time of which some records could not be read, and of whom they may have told.
///
/// What is said of a device because nothing was seen of it does not hold there: the record that would have shown it may
/// be the one that could not be read.
struct Doubt: Sendable, Hashable {
    /// How far a doubt reaches.
    enum Reach: String, Sendable, CaseIterable {
        /// A record among others: whatever is said to have never happened may stand in it.
        case record
        /// What a file that is cut off had behind its last record: it belongs to the time that is not covered.
        case ending
        /// A file of which nothing could be read: it holds what the others leave open.
        case file
    }

    /// `dps`, `hub`, or empty for either.
    var service = ""
    /// The instance's number, 0 for any of the service.
    var instance = 0
    /// The device or registration that the record names, 0 for any.
    var identity = 0
    /// The earliest time that it may belong to, microseconds since 1970; `.min` for none.
    var from = Int64.min
    /// The latest; `.max` for none.
    var to = Int64.max
    var reach = Reach.record
    /// How many records could not be read there.
    var records = 1
    var file: Int
    var line: Int

    /// Where it stands.
    var place: DoubtPlace { DoubtPlace(file: file, line: line) }

    /// Takes up a doubt about the same whose time meets this one's.
    mutating func merge(_ next: Doubt) -> Bool {
        guard service == next.service, instance == next.instance, identity == next.identity, reach == next.reach,
            file == next.file, next.from <= to, from <= next.to
        else { return false }
        from = min(from, next.from)
        to = max(to, next.to)
        records += next.records
        return true
    }
}

/// The line at which something could not be read; line 0 for the file as a whole.
struct DoubtPlace: Sendable, Hashable {
    var file: Int
    var line: Int
}
