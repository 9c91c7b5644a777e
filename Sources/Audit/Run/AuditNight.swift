import AzureLogs
public import Findings

/// One night: its name, and the time that is looked at.
public enum AuditNight {
    private static let day: Int64 = 86_400_000_000
    private static let hour: Int64 = 3_600_000_000

    /// The night of a time: its date in UTC, and a window up to it.
    ///
    /// The window begins one span before, or where the last night ended if that is earlier (a night was missed), and the
    /// overlap further back, at a whole hour.
    ///
    /// - Parameters:
    ///   - now: microseconds since 1970; the end of the window.
    ///   - nights: the nights that were kept.
    ///   - changed: the time of the earliest event that is new, microseconds since 1970; nil if there is none.
    public static func night(
        at now: Int64,
        _ configuration: AuditConfiguration,
        after nights: [Night],
        changedSince changed: Int64? = nil
    ) -> Night {
        let date = String(Timestamp.format(microseconds: now - now % day).prefix(10))
        let last = nights.last { $0.date < date }
        let begin = min(now - configuration.window, last?.window.to ?? .max) - configuration.overlap
        // A night that is run again has read its logs before: what it met then is still so.
        let known = nights.first { $0.date == date }?.changedSince
        return Night(
            date: date,
            window: AnalysisWindow(from: begin - begin % hour, to: now),
            changedSince: [changed, known].compactMap(\.self).min()
        )
    }
}
