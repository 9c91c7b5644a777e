import Basics
import Correlation

/// The story of a report as members of a JSON object: `verdict`, `window`, `funnel`, `timeline`, `unknown`, `made`.
enum StoryJSON {
    /// The members, each on one line with a comma behind it; docs/schemas/report.schema.json says what they mean.
    static func members(_ story: ReportStory) -> String {
        let verdict = JSONNode.object([
            ("kind", .string(story.verdict.kind.rawValue)), ("headline", .string(story.verdict.headline)),
            ("detail", .string(story.verdict.detail)),
        ])
        let window = story.data.window.map { window in
            JSONNode.object([
                ("from", .string(Clock.seconds(window.from))), ("to", .string(Clock.seconds(window.to))),
            ])
        }
        let members: [(String, JSONNode?)] = [
            ("verdict", verdict), ("window", window), ("funnel", funnel(story.funnel)),
            ("timeline", story.data.charts.map(timeline)), ("unknown", .array(story.unknown.map(JSONNode.string))),
            ("made", .object(story.made.map { ($0.name, .string($0.value)) })),
        ]
        return members.compactMap { name, value in value.map { JSONString.quoted(name) + ":" + $0.text + ",\n" } }
            .joined()
    }

    private static func funnel(_ funnel: Funnel) -> JSONNode {
        .object([
            ("attempted", .integer(funnel.attempted)), ("let_in", .integer(funnel.letIn)),
            ("assigned", .integer(funnel.assigned)), ("connected", .integer(funnel.connected)),
            ("undetermined", .integer(funnel.undetermined)),
            (
                "losses",
                .array(
                    funnel.losses.map { loss in
                        .object([
                            ("before", .string(loss.before)), ("name", .string(loss.name)),
                            ("count", .integer(loss.count)), ("incidents", .array(loss.incidents.map(JSONNode.string))),
                        ])
                    }
                )
            ),
        ])
    }

    private static func timeline(_ charts: FleetCharts) -> JSONNode {
        let buckets = charts.buckets.map { bucket in
            let attempts = bucket.attempts.sorted { $0.key < $1.key }.map {
                ($0.key, JSONNode?.some(.integer($0.value)))
            }
            return JSONNode.object([
                ("from", .string(Clock.seconds(bucket.time))), ("attempts", .object(attempts)),
                ("connections", .integer(bucket.connections)), ("hub_errors", .integer(bucket.hubErrors)),
                ("hub_throttled", .integer(bucket.hubThrottled)), ("normal_errors", .integer(bucket.normalErrors)),
                ("dps_logs", .bool(bucket.hasDPSLogs)), ("hub_logs", .bool(bucket.hasHubLogs)),
            ])
        }
        return .object([("seconds", .integer(Int(charts.step / 1_000_000))), ("buckets", .array(buckets))])
    }
}
