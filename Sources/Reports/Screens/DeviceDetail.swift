public import Correlation
public import EventStore

/// How much of a device's timeline is shown.
public struct DeviceDetail: Sendable {
    /// Whether every event is shown, however many.
    public var all = false
    /// Only events from here on, microseconds since 1970; nil for the newest ones.
    public var since: Int64?
    /// The raw records by their places; nil if they are not asked for.
    public var records: [String: EvidenceRecord]?

    /// The newest events, without raw records.
    public init() {}

    /// The most events that are shown unless all or those since a time are asked for.
    static let entries = 40

    /// The events to show, and how many earlier ones are left out.
    func shown(_ story: DeviceStory) -> (entries: ArraySlice<DeviceStory.Entry>, hidden: Int) {
        var first = 0
        if let since {
            first = story.entries.firstIndex { $0.time >= since } ?? story.entries.count
        } else if !all {
            first = max(0, story.entries.count - Self.entries)
        }
        return (story.entries[first...], first)
    }

    /// Reads the raw records of the events that are shown.
    ///
    /// - Throws: `DatabaseError`.
    public mutating func readRecords(_ story: DeviceStory, from database: LogDatabase) throws {
        var found: [String: EvidenceRecord] = [:]
        for entry in shown(story).entries where found[entry.evidence] == nil {
            found[entry.evidence] = try EvidenceRecord.load(
                entry.evidence,
                about: story.names,
                between: entry.time...entry.time,
                in: database
            )
        }
        records = found
    }
}
