import AzureLogs
public import Correlation
import EventStore
public import Findings

/// One device on one screen: verdict, timeline with gaps, fix, next command.
public enum DeviceScreen {
    /// The most entries of a timeline that are shown.
    static let entries = 40

    /// Renders a device's story.
    ///
    /// - Parameters:
    ///   - story: what is known.
    ///   - findings: the findings about the device.
    ///   - style: colours or none.
    ///   - width: columns of the terminal.
    ///   - databaseArgument: ` --db FILE` for the commands that are named, or empty.
    public static func render(
        _ story: DeviceStory,
        findings: [Finding],
        style: Style,
        width: Int,
        databaseArgument: String
    ) -> String {
        var out = style.bold(story.names.map { TerminalText.safe($0) }.joined(separator: ", ")) + "\n"
        for line in TerminalReport.wrap("verdict: " + DeviceVerdict(story, findings: findings).text, width) {
            out += TerminalText.safe(line) + "\n"
        }
        var known: [String] = []
        if let group = story.group { known.append("group \(group)") }
        if let attestation = story.attestation { known.append("attests by \(attestation)") }
        known.append("\(story.attempts) registration attempts")
        if let time = story.lastConnected { known.append("last connected \(Timestamp.format(microseconds: time))") }
        out += TerminalText.fit(TerminalText.safe(known.joined(separator: ", ")), width) + "\n\n"
        out += timeline(story, style, width)
        out += told(findings, style, width)
        let next = findings.first.map { "dpslens rules show \($0.rule)" } ?? "dpslens findings\(databaseArgument)"
        return out + "\nNext: \(next)\n"
    }

    /// Renders what a registry alone says of a device that no log names.
    public static func render(withoutStory id: String, findings: [Finding], style: Style, width: Int) -> String {
        var out = style.bold(TerminalText.safe(id)) + "\n"
        out += "verdict: no log names this device; only the registry does\n"
        for finding in findings {
            let said = "\(finding.severity.rawValue)  \(finding.rule): \(finding.summary)"
            out += "\n"
            for line in TerminalReport.wrap(TerminalText.safe(said), width) { out += line + "\n" }
            for line in TerminalReport.wrap("fix: " + finding.fix, width - 2) { out += "  \(line)\n" }
        }
        let next = findings.first.map { "dpslens rules show \($0.rule)" } ?? "dpslens findings"
        return out + "\nNext: \(next)\n"
    }

    private static func told(_ findings: [Finding], _ style: Style, _ width: Int) -> String {
        var out = ""
        for finding in findings {
            out +=
                "\n" + style.severity(finding.severity, finding.severity.rawValue)
                + "  \(finding.rule) (\(finding.confidence))\n"
            if RegistryChecks.names.contains(finding.rule) {
                for line in TerminalReport.wrap(TerminalText.safe(finding.summary), width - 2) { out += "  \(line)\n" }
            }
            for item in finding.diagnosis ?? [] {
                let said = "registry: \(item.explanation) (\(item.confidence))"
                for line in TerminalReport.wrap(TerminalText.safe(said), width - 2) { out += "  \(line)\n" }
            }
            for line in TerminalReport.wrap("fix: " + finding.fix, width - 2) { out += "  \(line)\n" }
        }
        return out
    }

    private static func timeline(_ story: DeviceStory, _ style: Style, _ width: Int) -> String {
        var out = ""
        let hidden = max(0, story.entries.count - entries)
        if hidden > 0 { out += style.dim("… \(hidden) earlier events") + "\n" }
        var previous: Int64?
        for entry in story.entries.dropFirst(hidden) {
            let gap = previous.map { "+" + Span.text(entry.time - $0) } ?? ""
            previous = entry.time
            var what = entry.isExplained ? entry.what + " (normal life)" : entry.what
            if !entry.module.isEmpty { what = "\(entry.module): \(what)" }
            if let code = entry.code, entry.isError {
                let name = HubErrorCatalogue.entry(code)?.name ?? ""
                what += entry.service == "hub" && !name.isEmpty ? " \(code) \(name)" : " \(code)"
            }
            if let standing = entry.standing { what += " [\(standing)]" }
            let place = entry.instance.isEmpty ? entry.service : "\(entry.service) \(entry.instance)"
            let line =
                TerminalText.pad(Timestamp.format(microseconds: entry.time), 21)
                + TerminalText.pad(gap, 13, right: true)
                + "  " + TerminalText.pad(TerminalText.fit(TerminalText.safe(place), 18), 18) + "  "
                + TerminalText.safe(what)
            let fitted = TerminalText.fit(line, width)
            out += (entry.isError && !entry.isExplained ? style.severity(.high, fitted) : fitted) + "\n"
        }
        return out
    }
}
