import AzureLogs
import Correlation
import Findings

/// What is the matter with one device, in a few sentences: its latest state, since when, what the services say of it.
///
/// It follows from the whole timeline and the open findings. That nothing is broken is said only where the device is
/// connected, its enrollment is not switched off, nothing refused it since, and no finding stands.
struct DeviceVerdict {
    private let story: DeviceStory
    private let open: [Finding]
    /// Connect attempts that were refused since a hub last accepted the device, nothing explaining them.
    private var refusals: [DeviceStory.Entry] = []
    /// Answers by which DPS turned the device away since it last let it in.
    private var failures: [DeviceStory.Entry] = []
    private var connected: DeviceStory.Entry?
    /// The end of the session that `connected` began.
    private var ended: DeviceStory.Entry?

    /// Reads a story.
    ///
    /// - Parameter findings: those about the device.
    init(_ story: DeviceStory, findings: [Finding]) {
        self.story = story
        open = findings.filter { $0.severity > .informational && $0.status != "resolved" && $0.status != "suppressed" }
        // What a module does is another session than the device's.
        let isOfModules = story.entries.allSatisfy { $0.service != "hub" || !$0.module.isEmpty }
        for entry in story.entries where isOfModules || entry.module.isEmpty { take(entry) }
    }

    private mutating func take(_ entry: DeviceStory.Entry) {
        switch entry.event {
        case .connected:
            (connected, ended) = (entry, nil)
            refusals = []
        case .refused: if !entry.isExplained { refusals.append(entry) }
        case .ended, .dropped: if connected?.instance == entry.instance { ended = entry }
        case .letIn: failures = []
        case .turnedAway: failures.append(entry)
        case .other: break
        }
    }

    /// The sentences.
    var text: String {
        var said: [String] = []
        if let failing { said.append(failing) }
        if let refused { said.append(refused) }
        if said.isEmpty { said.append(state) } else if let before { said.append(before) }
        if let enrollment = story.enrollment, enrollment.status == "disabled", failures.isEmpty {
            let since = enrollment.updated.map { " since \(Timestamp.format(microseconds: $0))" } ?? ""
            said.append("its enrollment is disabled\(since)")
        }
        if let recorded { said.append(recorded) }
        if !open.isEmpty {
            var rules: [String] = []
            for finding in open where !rules.contains(finding.rule) { rules.append(finding.rule) }
            said.append("open: " + rules.joined(separator: ", "))
        } else if isWell {
            said.append("nothing is broken now")
        }
        return said.joined(separator: "; ")
    }

    private var isWell: Bool {
        connected != nil && refusals.isEmpty && failures.isEmpty && ended?.event != .dropped
            && story.enrollment?.status != "disabled" && recorded == nil
            && story.latest?.journey == "connected"
    }

    /// What its registration record says of a failure that no hub's contact followed.
    private var recorded: String? {
        guard let record = story.record, ["failed", "disabled"].contains(record.status.lowercased()) else { return nil }
        if let connected, connected.time >= record.updated ?? .max { return nil }
        let time = record.updated.map { " of \(Timestamp.format(microseconds: $0))" } ?? ""
        let meaning = record.code.map { ", \($0) \(DPSErrorCatalogue.meaning($0) ?? "")" } ?? ""
        let message = record.message.map { ": \"\($0)\"" } ?? ""
        return "its registration record\(time) says \(record.status.lowercased())\(meaning)\(message)"
    }

    // MARK: What turns it away

    private var failing: String? {
        guard let first = failures.first, let last = failures.last, last.time >= connected?.time ?? .min else {
            return nil
        }
        let meaning = last.code.flatMap(DPSErrorCatalogue.meaning) ?? "the reason was not logged"
        switch last.what {
        case let what where what.hasPrefix("registration disabled"):
            return "DPS has turned it away \(since(first, last, failures.count)): its enrollment is disabled"
        case let what where what.hasPrefix("registration throttled"):
            return "DPS was throttling when it last asked, \(since(first, last, failures.count))"
        default:
            return "DPS has not let it in \(since(first, last, failures.count)): \(coded(last)) \(meaning)"
                + quoted(last, "DPS")
        }
    }

    private var refused: String? {
        guard let first = refusals.first, let last = refusals.last else { return nil }
        let name = last.code.flatMap { HubErrorCatalogue.entry($0)?.name } ?? ""
        let hub = last.instance.isEmpty ? "a hub that the log does not name" : last.instance
        return "\(hub) has refused it \(since(first, last, refusals.count)): "
            + "\(coded(last))\(name.isEmpty ? "" : " " + name)" + quoted(last, "the hub")
    }

    /// What stands beside a refusal: where it was before.
    private var before: String? {
        if let connected {
            let hub = connected.instance.isEmpty ? "a hub" : connected.instance
            return "last connected to \(hub) at \(Timestamp.format(microseconds: connected.time))"
        }
        if story.latest == nil {
            return story.dpsLogs == .whole ? "\(knownToDPS): an identity of unknown origin" : knownToDPS
        }
        guard let latest = story.latest, let hub = latest.hub,
            latest.outcome == "assigned" || latest.outcome == "accepted"
        else { return nil }
        return "DPS had assigned it to \(hub)\(Self.basis(latest)) at \(Timestamp.format(microseconds: latest.time))"
    }

    private func since(_ first: DeviceStory.Entry, _ last: DeviceStory.Entry, _ count: Int) -> String {
        if first.time == last.time { return "at \(Timestamp.format(microseconds: first.time))" }
        return
            "since \(Timestamp.format(microseconds: first.time)) (\(count) times, last at \(Timestamp.format(microseconds: last.time)))"
    }

    private func coded(_ entry: DeviceStory.Entry) -> String { entry.code.map(String.init) ?? "no code" }

    private func quoted(_ entry: DeviceStory.Entry, _ who: String) -> String {
        guard let message = entry.message else { return "" }
        // The service's own words, not the name of the code, however that is spelled.
        if message.lowercased() == HubErrorCatalogue.entry(entry.code ?? 0)?.name.lowercased() { return "" }
        return "; \(who) says: \"\(message)\""
    }

    // MARK: Its state where nothing turns it away

    private var state: String {
        guard let latest = story.latest else { return withoutDPS }
        let hub = latest.hub ?? "a hub that was not logged"
        let basis = Self.basis(latest)
        let time = Timestamp.format(microseconds: latest.time)
        if let connected, connected.time >= latest.time, latest.journey != "elsewhere" {
            return "provisioned to \(hub)\(basis) at \(time) and \(session(connected, as: latest.hub))"
        }
        switch (latest.outcome, latest.journey) {
        case ("failed", _), ("disabled", _), ("throttled", _):
            return "DPS did not let it in at \(time)" + (connected.map { "; \(session($0, as: nil))" } ?? "")
        case (_, "connected"):
            return "provisioned to \(hub)\(basis) at \(time)"
                + (connected.map { " and \(session($0, as: latest.hub))" } ?? "")
        case (_, "refused"): return "provisioned to \(hub)\(basis) at \(time), which refused it"
        case (_, "elsewhere"):
            let other = connected.map { "; it is " + session($0, as: nil) } ?? ""
            return
                "provisioned to \(hub)\(basis) at \(time) but it went to another hub: the device keeps an old assignment\(other)"
        case (_, "silent"):
            return
                "provisioned to \(hub)\(basis) at \(time) and never seen there since: look at its network, its trust in the hub, and its application; HTTPS alone leaves no record there"
        case (_, "undetermined"): return "DPS let it in at \(time); what followed cannot be told: \(whyNot(latest))"
        default: return "registration \(latest.outcome) at \(time); no more was logged"
        }
    }

    private func session(_ connected: DeviceStory.Entry, as hub: String?) -> String {
        let place = connected.instance == hub || connected.instance.isEmpty ? "" : " to \(connected.instance)"
        let since = "connected\(place) at \(Timestamp.format(microseconds: connected.time))"
        guard let ended else { return since }
        let end = Timestamp.format(microseconds: ended.time)
        return since
            + (ended.event == .dropped ? ", connection lost at \(end) and not back since" : ", disconnected at \(end)")
    }

    private func whyNot(_ latest: DeviceStory.Attempt) -> String {
        let hub = latest.hub ?? "its hub"
        switch latest.reason {
        case "rejected-records":
            let place = latest.contactPlace.map { " (\($0))" } ?? ""
            return "a rejected record may have told of it\(place); `dpslens rejects` shows what could not be read"
        case "no-coverage": return "no connection log of \(hub) was read for that time"
        case "coverage-ended": return "the connection log of \(hub) ends before it was time to connect"
        case "superseded": return "it registered again before it was time to connect"
        case "hub-unknown": return "it connected, but the records name no hub"
        case "assignment-not-logged":
            return
                "no log names its hub; an export of the registration list (az iot dps enrollment-group registration list) or of the enrollment would"
        default: return latest.reason ?? "logs are missing"
        }
    }

    /// What the DPS logs that were read say of a device that they do not name.
    private var knownToDPS: String {
        switch story.dpsLogs {
        case .none: "no DPS logs of that time were read"
        case .partly(let place): "the DPS logs of that time could not be read as a whole (\(place))"
        case .whole: "the DPS logs of that time do not name it"
        }
    }

    private var withoutDPS: String {
        if let connected { return "known to hubs only: \(session(connected, as: nil)); \(knownToDPS)" }
        let last = story.entries.last.map { ": \($0.what) at \(Timestamp.format(microseconds: $0.time))" } ?? ""
        return "no hub and no DPS instance saw it try to connect or register; the hub's log names it\(last)"
    }

    private static func basis(_ latest: DeviceStory.Attempt) -> String {
        latest.basis.map { $0 == "logged" ? "" : " (\($0))" } ?? ""
    }
}
