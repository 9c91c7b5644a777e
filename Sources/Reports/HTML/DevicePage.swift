import Basics
public import Correlation
public import Findings

/// One device's story as one HTML file that needs nothing else.
public enum DevicePage {
    /// The most records that are folded away: each is a stop of the Tab key, and 300 are enough.
    private static let folded = 250

    /// Renders a story.
    public static func render(
        _ story: DeviceStory,
        findings: [Finding],
        detail: DeviceDetail,
        version: String
    ) -> String {
        var out = Markup()
        let name = HTMLReport.cut(story.names.joined(separator: ", "))
        out.raw("<!DOCTYPE html>\n")
        out.element("html", ["lang": "en"]) { out in
            HTMLHead.write(title: "dpslens device \(name)", &out)
            out.raw("\n")
            out.element("body") { out in
                out.element("a", ["class": "skip", "href": "#main"], "Skip to the device")
                out.element("header") { out in
                    out.element("h1", name)
                    out.element("p", ["class": "lead"], HTMLReport.cut(DeviceVerdict(story, findings: findings).text))
                }
                out.element("main", ["id": "main"]) { out in
                    facts(story, &out)
                    told(findings, &out)
                    events(story, detail, &out)
                }
                out.element("footer") { $0.element("p", "Made by dpslens\(version.isEmpty ? "" : " " + version).") }
            }
        }
        out.raw("\n")
        return out.text
    }

    private static func facts(_ story: DeviceStory, _ out: inout Markup) {
        out.element("dl") { out in
            func row(_ name: String, _ value: String?) {
                guard let value else { return }
                out.element("dt", name)
                out.element("dd", HTMLReport.cut(value))
            }
            row("enrollment group", story.group)
            row("attestation", story.attestation)
            row("registration attempts", "\(story.attempts)")
            row("assigned hub", story.latest?.hub)
            row("last connected", story.lastConnected.map { Clock.seconds($0) })
        }
    }

    private static func told(_ findings: [Finding], _ out: inout Markup) {
        out.element("section", ["aria-labelledby": "findings"]) { out in
            out.element("h2", ["id": "findings"], "Findings")
            if findings.isEmpty { out.element("p", "None.") }
            for finding in findings {
                out.element("article", ["id": "finding-\(finding.id)"]) { out in
                    out.element("h3") { out in
                        HTMLReport.badge(finding.severity, &out)
                        out.put(HTMLReport.cut(finding.summary))
                    }
                    out.element("p", ["class": "fix"]) { out in
                        out.element("strong", "Fix: ")
                        out.put(HTMLReport.cut(finding.fix))
                    }
                    out.element("p", ["class": "dim"], "\(finding.rule), \(finding.confidence), \(finding.status)")
                }
            }
        }
    }

    private static func events(_ story: DeviceStory, _ detail: DeviceDetail, _ out: inout Markup) {
        let (entries, hidden) = detail.shown(story)
        let names = PlaceNames(places: entries.map(\.evidence))
        out.element("section", ["aria-labelledby": "timeline"]) { out in
            out.element("h2", ["id": "timeline"], "Timeline")
            if hidden > 0 {
                out.element("p", ["class": "omitted"]) { out in
                    out.put("\(Words.count(hidden, "earlier event")) left out; ")
                    out.element("code", "dpslens device --all")
                    out.put(" shows them.")
                }
            }
            HTMLReport.table(
                ["time (UTC)", "after", "where", "what", "code", "line of the log"],
                caption: Words.count(entries.count, "event"),
                &out
            ) { out in
                var previous: Int64?
                for entry in entries {
                    let isBad = entry.isError && !entry.isExplained
                    out.element("tr", ["class": isBad ? "bad" : entry.isExplained ? "normal" : "ok"]) { out in
                        out.element("td", ["class": "t"], Clock.seconds(entry.time))
                        out.element("td", ["class": "n"], previous.map { "+" + TimeSpan.text(entry.time - $0) } ?? "")
                        out.element("td", HTMLReport.cut("\(entry.service) \(entry.instance)"))
                        let mark = isBad ? " (error)" : entry.isExplained ? " (normal error)" : ""
                        out.element("td", HTMLReport.cut(entry.what + mark))
                        out.element("td", ["class": "n"], entry.code.map(String.init) ?? "")
                        out.element("td") { out in
                            out.element(
                                "code",
                                ["title": HTMLReport.cut(entry.evidence)],
                                HTMLReport.cut(names.name(entry.evidence))
                            )
                            guard let record = detail.records?[entry.evidence] else { return }
                            let text = EvidenceScreen.lines(of: record, Style(color: false))
                            if entries.count > folded { return out.element("pre", text) }
                            out.element("details") { out in
                                out.element("summary", "record")
                                out.element("pre", text)
                            }
                        }
                    }
                    out.raw("\n")
                    previous = entry.time
                }
            }
        }
    }
}
