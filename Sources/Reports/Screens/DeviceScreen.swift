import AzureLogs
import Basics
public import Correlation
import EventStore
public import Findings

/// One device on one screen: verdict, timeline with gaps, fix, next command.
public enum DeviceScreen {
    /// Renders a device's story.
    ///
    /// - Parameters:
    ///   - story: what is known.
    ///   - findings: the findings about the device.
    ///   - style: colours or none.
    ///   - width: columns of the terminal.
    ///   - databaseArgument: ` --db FILE` for the commands that are named, or empty.
    ///   - detail: how much of the timeline is shown.
    public static func render(
        _ story: DeviceStory,
        findings: [Finding],
        style: Style,
        width: Int,
        databaseArgument: String,
        detail: DeviceDetail = DeviceDetail()
    ) -> String {
        var out = style.bold(story.names.map { TerminalText.safe($0) }.joined(separator: ", ")) + "\n"
        for line in TextWrapping.lines("verdict: " + DeviceVerdict(story, findings: findings).text, width) {
            out += TerminalText.safe(line) + "\n"
        }
        var known: [String] = []
        if let group = story.group { known.append("group \(group)") }
        if let attestation = story.attestation { known.append("attests by \(attestation)") }
        let isUnread = story.attempts == 0 && story.dpsLogs == .none
        known.append(isUnread ? "no DPS logs of that time" : Words.count(story.attempts, "registration attempt"))
        if let time = story.lastConnected { known.append("last connected \(Clock.seconds(time))") }
        for line in TextWrapping.lines(TerminalText.safe(known.joined(separator: ", ")), width) { out += line + "\n" }
        out += "\n"
        out += timeline(story, detail, style, width)
        out += told(findings, style, width)
        let next =
            findings.first { !$0.evidence.isEmpty }.map { "dpslens evidence \($0.id.prefix(8))\(databaseArgument)" }
            ?? findings.first.map { "dpslens rules show \($0.rule)" } ?? "dpslens findings\(databaseArgument)"
        return out + "\nNext: \(next)\n"
    }

    /// Renders what a registry alone says of a device that no log names.
    public static func render(withoutStory id: String, findings: [Finding], style: Style, width: Int) -> String {
        var out = style.bold(TerminalText.safe(id)) + "\n"
        out += "verdict: no log names this device; only the registry does\n"
        for finding in findings {
            let said = "\(finding.severity.rawValue)  \(finding.rule): \(finding.summary)"
            out += "\n"
            for line in TextWrapping.lines(TerminalText.safe(said), width) { out += line + "\n" }
            for line in TextWrapping.lines("fix: " + finding.fix, width - 2) { out += "  \(line)\n" }
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
                for line in TextWrapping.lines(TerminalText.safe(finding.summary), width - 2) { out += "  \(line)\n" }
            }
            for item in finding.diagnosis ?? [] {
                let said = "registry: \(item.explanation) (\(item.confidence))"
                for line in TextWrapping.lines(TerminalText.safe(said), width - 2) { out += "  \(line)\n" }
            }
            for line in TextWrapping.lines("fix: " + finding.fix, width - 2) { out += "  \(line)\n" }
        }
        return out
    }

    private static func timeline(
        _ story: DeviceStory,
        _ detail: DeviceDetail,
        _ style: Style,
        _ width: Int
    ) -> String {
        var out = ""
        let (entries, hidden) = detail.shown(story)
        if hidden > 0 { out += style.dim("… \(hidden) earlier events; --all shows them") + "\n" }
        var previous = hidden > 0 && entries.startIndex > 0 ? story.entries[entries.startIndex - 1].time : nil
        let places = PlaceNames(places: entries.map(\.evidence))
        for entry in entries {
            let gap = previous.map { "+" + TimeSpan.text(entry.time - $0) } ?? ""
            previous = entry.time
            var what = entry.isExplained ? entry.what + " (normal)" : entry.what
            if !entry.module.isEmpty { what = "\(entry.module): \(what)" }
            if let code = entry.code, entry.isError {
                let name = HubErrorCatalogue.entry(code)?.name ?? ""
                what += entry.service == "hub" && !name.isEmpty ? " \(code) \(name)" : " \(code)"
            }
            if let standing = entry.standing { what += " [\(standing)]" }
            let place = entry.instance.isEmpty ? entry.service : "\(entry.service) \(entry.instance)"
            let head = TerminalText.pad(Clock.seconds(entry.time), 21) + TerminalText.pad(gap, 13, right: true)
            let isBad = entry.isError && !entry.isExplained
            for line in lines(head, TerminalText.safe(place), TerminalText.safe(what), width) {
                out += (isBad ? style.severity(.high, line) : line) + "\n"
            }
            if let record = detail.records?[entry.evidence] {
                out += "    " + style.dim(TerminalText.safe(places.name(entry.evidence))) + "\n"
                out += EvidenceScreen.lines(of: record, style, indent: "    ")
            }
        }
        if detail.records == nil, !entries.isEmpty {
            for line in TextWrapping.lines("--raw shows the records behind these lines", width) {
                out += style.dim(line) + "\n"
            }
        }
        return out
    }

    /// One event on one line, or on several where the terminal is narrow; nothing of it is cut.
    private static func lines(_ head: String, _ place: String, _ what: String, _ width: Int) -> [String] {
        let line = "\(head)  \(TerminalText.pad(place, 18))  \(what)"
        if TerminalText.width(line) <= width { return [line] }
        let trimmed = String(head.reversed().drop { $0 == " " }.reversed())
        return [trimmed] + TextWrapping.lines("\(place)  \(what)", width - 4).map { "    " + $0 }
    }
}
