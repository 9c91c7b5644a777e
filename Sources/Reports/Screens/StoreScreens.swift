import AzureLogs
public import EventStore

/// What a database holds, for a terminal and for programs.
public enum StatusScreen {
    /// Renders the status.
    ///
    /// - Parameters:
    ///   - absence: why nothing could be judged; it stands first.
    ///   - parameters: what the database's audits judge by in the place of defaults, as `name=value`.
    public static func render(
        _ status: StoreStatus,
        absence: RecordAbsence? = nil,
        parameters: [String] = []
    ) -> String {
        var out = (absence.map { "dpslens: \($0.text)\n" } ?? "") + Accounting.balance(status.totals)
        if let first = status.first, let last = status.last {
            out += "events from \(Timestamp.format(microseconds: first)) to \(Timestamp.format(microseconds: last))\n"
        }
        func section(_ title: String, _ counts: [StoreStatus.Count]) {
            if counts.isEmpty { return }
            out += "\n\(title)\n"
            for item in counts {
                out += "  \(TerminalText.pad(String(item.count), 10, right: true))  \(TerminalText.safe(item.name))\n"
            }
        }
        section("files by state", status.files)
        section(
            "formats met",
            status.formats.map {
                StoreStatus.Count(name: "\($0.name) (\(FormatWords.reasons(for: $0.name)))", count: $0.count)
            }
        )
        if !status.notes.isEmpty {
            out += "\nfiles to know of\n"
            for file in status.notes {
                out += "  \(TerminalText.safe(file.path)): \(TerminalText.safe(file.formats))\n"
                for note in file.notes { out += "      \(TerminalText.safe(note))\n" }
            }
            if status.notedFiles > status.notes.count {
                out += "  and \(status.notedFiles - status.notes.count) more\n"
            }
            out += "All files: dpslens query --sql 'SELECT path, formats, dates_why, note FROM files'\n"
        }
        section("events by kind", status.kinds)
        if status.snapshots > 0 { out += "\n  \(status.snapshots) registration records and enrollments from exports\n" }
        section("ignored by category", status.ignored)
        section("rejected by reason", status.rejects)
        if !parameters.isEmpty {
            out += "\nparameters of its last audit, by which every command judges\n"
            for word in parameters { out += "  \(TerminalText.safe(word))\n" }
        }
        if !status.rejects.isEmpty { out += "\nNext: dpslens rejects\n" }
        return out
    }
}
