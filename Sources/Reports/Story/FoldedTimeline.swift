import Correlation

/// A device's events, in which normal ones in a row, and the same error in a row, are one line with how often.
struct FoldedTimeline: Sendable {
    /// One line of the timeline.
    struct Line: Sendable, Hashable {
        /// When it began and ended, microseconds since 1970; the same for one event.
        var from: Int64
        var to: Int64
        /// The instance, with its service in front.
        var place: String
        /// What happened, in words.
        var what: String
        /// How many events it stands for.
        var events: Int
        /// Whether it is an error that nothing explains.
        var isError: Bool
        /// Where the first of it stands, `file:line`.
        var evidence: String
    }

    /// The lines, oldest first.
    var lines: [Line] = []
    /// Events before the first line.
    var hidden = 0

    /// Folds a story; at most `most` lines, the newest ones.
    init(_ story: DeviceStory, most: Int) {
        for entry in story.entries {
            let place = entry.instance.isEmpty ? entry.service : "\(entry.service) \(entry.instance)"
            let isBad = entry.isError && !entry.isExplained
            if let last = lines.last, last.place == place, !isBad, !last.isError, Self.isNormal(entry, after: last) {
                lines[lines.count - 1].to = entry.time
                lines[lines.count - 1].events += 1
                lines[lines.count - 1].what = Self.normal
                continue
            }
            let code = entry.isError ? entry.code.map { " \($0)" } ?? "" : ""
            if let last = lines.last, isBad, last.isError, last.place == place, last.what == entry.what + code {
                lines[lines.count - 1].to = entry.time
                lines[lines.count - 1].events += 1
                continue
            }
            lines.append(
                Line(
                    from: entry.time,
                    to: entry.time,
                    place: place,
                    what: entry.isExplained ? Self.normal : entry.what + code,
                    events: 1,
                    isError: isBad,
                    evidence: entry.evidence
                )
            )
        }
        hidden = lines.dropLast(most).reduce(0) { $0 + $1.events }
        lines = Array(lines.suffix(most))
    }

    private static let normal = "normal: renewals and reconnections"

    /// Explained errors belong together, and so do the connections that end each of them.
    private static func isNormal(_ entry: DeviceStory.Entry, after last: Line) -> Bool {
        let isQuiet = entry.isExplained || entry.what == "connected" || entry.what == "disconnected"
        return isQuiet && (last.what == normal || entry.isExplained || last.what == entry.what)
    }
}
