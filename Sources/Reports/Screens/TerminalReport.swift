import AzureLogs
import Correlation
import EventStore
import Findings

/// The report for a terminal: one screen with what matters, then the detail.
public enum TerminalReport {
    /// Renders a report.
    public static func render(_ data: ReportData, style: Style, width: Int) -> String {
        var out = ""
        func line(_ text: String = "") { out += TerminalText.fit(text, width) + "\n" }
        func field(_ name: String, _ text: String) {
            for (index, part) in wrap(TerminalText.safe(text), width - 14).enumerated() {
                out += style.dim(TerminalText.pad(index == 0 ? name : "", 13)) + " " + part + "\n"
            }
        }
        let fleet = data.fleet
        out += style.bold(headline(data)) + "\n\n"
        for note in data.notes { field("NOTE", note) }
        if let night = data.night {
            let lines = NightLines(data: data, report: night)
            for fact in lines.facts { field(fact.name, fact.value) }
            for section in lines.sections {
                out += "\n" + style.bold(section.title) + "\n"
                for told in section.lines {
                    for (index, part) in wrap(TerminalText.safe(told), width - 4).enumerated() {
                        out += (index == 0 ? "  " : "    ") + part + "\n"
                    }
                }
            }
            out += "\n" + style.bold("In numbers") + "\n"
        }
        for told in NumbersOf.lines(fleet) { field("numbers", told) }
        for reason in data.incomplete { field("INCOMPLETE", reason) }
        for gap in fleet.gaps { field("cannot tell", gap) }
        field("period", period(fleet))
        field(
            "fleet",
            "\(fleet.registrations) registrations of devices at DPS \(list(fleet.instances)); \(fleet.devices) devices at hubs \(list(fleet.hubs))"
        )
        if !fleet.outcomes.isEmpty { field("DPS said", words(fleet.outcomes)) }
        if !fleet.journeys.isEmpty { field("then", words(fleet.journeys)) }
        if !fleet.contacts.isEmpty { field("contacts", words(fleet.contacts)) }
        if data.absence == nil { field("normal life", explained(fleet)) }
        if data.absence == nil, let errors = data.errors { field("errors", Accounting.errors(errors)) }
        if !fleet.unknownOperations.isEmpty { field("not known", words(fleet.unknownOperations)) }
        field(data.night == nil ? "balance" : "all nights", balance(data.status))
        if !data.skipped.isEmpty { field("not asked", skipped(data.skipped)) }
        line()
        if data.causes.isEmpty {
            line(data.absence == nil ? "No findings." : "Nothing was judged.")
        } else {
            out += style.bold("Worst causes") + "\n"
            for cause in data.causes.prefix(6) { out += causeLines(cause, style, width) }
            if data.causes.count > 6 { line("  and \(data.causes.count - 6) more causes below") }
        }
        line()
        line("Next: " + next(data))
        if !data.causes.isEmpty { out += "\n" + detail(data, style, width) }
        return out
    }

    private static func headline(_ data: ReportData) -> String {
        if let night = data.night {
            return "dpslens: " + TerminalText.safe(NightLines(data: data, report: night).headline)
        }
        if let absence = data.absence {
            return "dpslens: \(absence.text)" + (data.findings.isEmpty ? "" : "; \(findings(data))")
        }
        if !data.findings.isEmpty { return "dpslens: \(findings(data))" }
        let totals = data.status.totals
        let isWhole = data.incomplete.isEmpty && totals.rejected == 0 && totals.filesRejected == 0
        return isWhole ? "dpslens: nothing to act on" : "dpslens: no findings, but not all was read"
    }

    private static func findings(_ data: ReportData) -> String {
        let count = data.findings.count
        let worst = data.findings.map(\.severity).max() ?? .informational
        let causes = data.causes.count
        return
            "\(count) finding\(count == 1 ? "" : "s") of \(causes) cause\(causes == 1 ? "" : "s"), worst \(worst.rawValue)"
    }

    private static func period(_ fleet: FleetSummary) -> String {
        guard let first = fleet.first, let last = fleet.last else { return "no events" }
        return
            "\(Timestamp.format(microseconds: first)) to \(Timestamp.format(microseconds: last)) (\(Span.text(last - first)))"
    }

    private static func list(_ names: [String]) -> String {
        if names.isEmpty { return "(no logs)" }
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? " and \(names.count - 3) more" : "")
    }

    private static func words(_ counts: [FleetSummary.Count]) -> String {
        counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
    }

    private static func explained(_ fleet: FleetSummary) -> String {
        let total = fleet.explained.reduce(0) { $0 + $1.count }
        if total == 0 { return "no error needed explaining; \(fleet.unexplained) errors of hubs stand unexplained" }
        return "\(total) of \(total + fleet.unexplained) errors are explained (\(words(fleet.explained)))"
    }

    private static func balance(_ status: StoreStatus) -> String {
        let totals = status.totals
        return
            "\(totals.lines) records = \(totals.stored) stored + \(totals.duplicates) duplicates + \(totals.ignored) ignored"
            + " + \(totals.rejected) rejected, in \(totals.files) files"
    }

    private static func skipped(_ skipped: [(rule: String, reason: String)]) -> String {
        var byReason: [String: [String]] = [:]
        for item in skipped { byReason[item.reason, default: []].append(item.rule) }
        return byReason.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.joined(separator: ", "))" }.joined(
            separator: "; "
        )
    }

    private static func causeLines(_ cause: ReportData.Cause, _ style: Style, _ width: Int) -> String {
        let word = TerminalText.pad(cause.severity.rawValue, 13)
        let count = TerminalText.pad(String(cause.findings.count), 5, right: true)
        let title = TerminalText.fit("\(cause.title) [\(cause.rule)]", max(10, width - 22))
        var out = "  " + style.severity(cause.severity, word) + count + "  " + title + "\n"
        for part in wrap("fix: " + cause.fix, width - 22).prefix(2) {
            out += String(repeating: " ", count: 22) + style.dim(part) + "\n"
        }
        return out
    }

    private static func next(_ data: ReportData) -> String {
        let option = data.databaseArgument
        // A device without a time is one that only a registry names; no log has a story of it.
        if let device = data.findings.first(where: { $0.subjectKind == "device" && $0.firstSeen != nil }) {
            return "dpslens device \(Shell.quoted(device.subject))\(option)"
        }
        if let finding = data.findings.first { return "dpslens rules show \(finding.rule)" }
        let totals = data.status.totals
        return totals.rejected + totals.filesRejected > 0 ? "dpslens rejects\(option)" : "dpslens coverage\(option)"
    }

    private static func detail(_ data: ReportData, _ style: Style, _ width: Int) -> String {
        var out = ""
        for cause in data.causes {
            out +=
                style.severity(cause.severity, cause.severity.rawValue) + "  " + style.bold(cause.title)
                + "  [\(cause.rule)]\n"
            for said in cause.registry {
                for part in wrap(TerminalText.safe("registry: " + said), width - 2) { out += "  " + part + "\n" }
            }
            for part in wrap("fix: " + cause.fix, width - 2) { out += "  " + part + "\n" }
            for finding in cause.findings.prefix(10) {
                out +=
                    TerminalText.fit("  - \(TerminalText.safe(finding.summary)) (\(finding.confidence))", width) + "\n"
                let places = finding.evidence.map { TerminalText.safe($0) }.joined(separator: "; ")
                if !places.isEmpty { out += style.dim(TerminalText.fit("      \(places)", width)) + "\n" }
            }
            if cause.findings.count > 10 {
                out +=
                    "  and \(cause.findings.count - 10) more: dpslens findings\(data.databaseArgument) --format csv\n"
            }
            out += "\n"
        }
        return out
    }

    /// Breaks a text into lines of at most `width` columns, between words where it can.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        let width = max(10, width)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if TerminalText.width(line) + 1 + TerminalText.width(String(word)) <= width {
                line += " " + word
            } else {
                lines.append(TerminalText.fit(line, width))
                line = String(word)
            }
        }
        lines.append(TerminalText.fit(line, width))
        return lines
    }
}

/// Lengths of time in words.
enum Span {
    /// A span in microseconds, with its two largest units.
    static func text(_ microseconds: Int64) -> String {
        let seconds = abs(microseconds) / 1_000_000
        let sign = microseconds < 0 ? "-" : ""
        switch seconds {
        case 0: return "\(sign)\(abs(microseconds) / 1000) ms"
        case 1..<60: return "\(sign)\(seconds) s"
        case 60..<3600: return "\(sign)\(seconds / 60) min \(seconds % 60) s"
        case 3600..<86400: return "\(sign)\(seconds / 3600) h \(seconds / 60 % 60) min"
        default: return "\(sign)\(seconds / 86400) d \(seconds / 3600 % 24) h"
        }
    }
}

/// Words for a shell.
enum Shell {
    /// The word in single quotes if a shell would read it in another way.
    static func quoted(_ word: String) -> String {
        let safe = word.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "-_.:/".unicodeScalars.contains(scalar)
        }
        if safe && !word.isEmpty { return word }
        return "'"
            + TerminalText.safe(word).split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }
}
