/// A finding that must be made of a sample.
public struct Truth: Sendable, Hashable, Comparable {
    /// The rule.
    public var rule: String
    /// The subject.
    public var subject: String

    /// By rule, then subject.
    public static func < (a: Truth, b: Truth) -> Bool { (a.rule, a.subject) < (b.rule, b.subject) }
}

/// A small fleet with one thing wrong, and what is true of it.
public protocol Story: Sendable {
    /// The sample's folder.
    var name: String { get }
    /// What happens, for the samples' README.
    var summary: String { get }
    /// Exactly the findings that follow.
    var truths: [Truth] { get }
    /// Writes the fleet's records.
    func write(into log: inout FleetLog)
}

/// All stories, in the order of the samples' README.
public enum Stories {
    /// Unix time of the samples' beginning, 2026-03-02T06:00:00Z.
    public static let start = 1_772_431_200

    /// The stories.
    public static let all: [any Story] = [
        HealthyFleet(), WrongBatch(), ExpiryWave(), OldHub(), EveryBoot(), Rollout(), DisabledAtHub(), DeadSite(),
    ]

    /// The log of a story; the seed comes from the story's name, so that stories do not depend on each other.
    public static func log(of story: any Story) -> FleetLog {
        let seed = story.name.utf8.reduce(UInt64(5381)) { ($0 &* 33) ^ UInt64($1) }
        var log = FleetLog(start: start, seed: seed)
        story.write(into: &log)
        return log
    }

    /// The text of the file in `samples/truth`.
    public static func truthText(of story: any Story) -> String { truthText(of: story.truths) }

    /// Truths as JSON, in their order.
    public static func truthText(of truths: [Truth]) -> String {
        let rows = truths.sorted().map { "  {\"rule\":\"\($0.rule)\",\"subject\":\"\($0.subject)\"}" }
        return "{\"findings\":[\n" + rows.joined(separator: ",\n") + "\n]}\n"
    }
}

extension FleetLog {
    /// Devices that register once, connect, and renew their tokens every 65 minutes, spread over the hour.
    mutating func healthy(_ ids: [String], hub: String, group: String, attestation: String = "symmetricKey", hours: Int)
    {
        for (index, id) in ids.enumerated() {
            let begin = index * 37
            registration(begin, id, hub: hub, attestation: attestation, group: group)
            connect(begin + 4, id, hub: hub)
            var next = begin + 4 + 3900
            while next < hours * 3600 {
                renewal(next, id, hub: hub)
                next += 3900
            }
        }
    }
}
