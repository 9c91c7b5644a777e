public import EventStore
import GRDB

/// Where the findings of the logs and the registry meet.
///
/// What comes of it is not kept beside the findings of the logs: it depends on the registry and on the moment, and a run
/// without a registry must not tell it.
public enum RegistryMeeting {
    /// The result with diagnoses told in its findings, the registry's own findings, and the incidents of all.
    ///
    /// - Parameters:
    ///   - result: of an analysis of this database, which is up to date.
    ///   - now: the moment of judgement, microseconds since 1970.
    /// - Throws: `DatabaseError`.
    public static func of(
        _ result: AnalysisResult,
        _ inputs: RegistryInputs,
        at now: Int64,
        _ database: LogDatabase,
        rules: RuleSet
    ) async throws -> AnalysisResult {
        let facts = try await database.access.read { try LogFacts.load($0) }
        let context = RegistryContext(inputs, facts, now: now, rules: rules.entries.map(\.card)) { time, device in
            try database.access.read { connection in
                try String.checkedOne(
                    connection,
                    sql: """
                        SELECT evidence FROM events
                        WHERE time = ? AND kind = 'connect' AND identity = ? ORDER BY evidence LIMIT 1
                        """,
                    arguments: [time, device]
                )
            }
        }
        let (explained, untried) = RegistryDiagnosis(context).explain(result.findings)
        let audit = try RegistryHygiene.run(context)
        let known = Set(explained.map(\.id))
        return try await database.access.read { connection in
            let nights = try FindingHistory.statuses(connection)
            let own = audit.findings.filter { !known.contains($0.id) }.map(nights.marking)
            let (findings, incidents) = try IncidentBuilder.build(
                (explained + own).sorted(by: Finding.precedes),
                rules,
                DeviceTraits.logged { try PreparedStatement(connection, $0) },
                connection,
                attributes: RegistryTraits.attributes(context)
            )
            return AnalysisResult(
                findings: findings,
                incidents: incidents,
                skipped: result.skipped + untried + audit.skipped
            )
        }
    }
}
