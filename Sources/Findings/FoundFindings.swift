import EventStore
import GRDB

/// What rules have found and no table tells yet: a hundred thousand findings do not show in the memory.
///
/// Several threads may add theirs at once. They are read when all have done so.
struct FoundFindings: Sendable {
    /// How many are in memory at a time.
    private static let batch = 500

    private let store: SpillDatabase

    /// - Parameter stop: ends its work when it is raised.
    /// - Throws: `StoreError` if there is no place for them.
    init(stop: StopSign) throws {
        store = try SpillDatabase("CREATE TABLE found(\(FindingRows.columns), rank INTEGER)", stop: stop)
    }

    /// Adds findings.
    ///
    /// - Throws: `StoreError`.
    func add(_ findings: [Finding]) throws {
        try store.write { database in
            let insert = try PreparedStatement(
                database,
                "INSERT INTO found(\(FindingRows.columns), rank) VALUES(\(FindingRows.marks), ?)"
            )
            for finding in findings {
                FindingRows.bind(finding, incident: nil, to: insert)
                insert.bind(FindingRows.count + 1, Int64(finding.severity.rank))
                try insert.run()
            }
        }
    }

    /// All of them in total order.
    ///
    /// - Throws: `StoreError`.
    func all() throws -> [Finding] {
        var findings: [Finding] = []
        try forEach(of: inOrder().rows) { finding, _ in findings.append(finding) }
        return findings
    }

    /// What incidents are made of, in the total order of findings (`Finding.precedes`).
    ///
    /// - Returns: the findings in brief, and of each its row.
    /// - Throws: `StoreError`.
    func inOrder() throws -> (findings: BriefFindings, rows: [Int32]) {
        try store.read { database in
            let reader = try FindingRows.Reader(
                database,
                from:
                    "found ORDER BY rank DESC, rule COLLATE outputs, subject COLLATE outputs, finding_id COLLATE outputs",
                isBrief: true
            )
            var (findings, rows) = (BriefFindings(), [Int32]())
            while let finding = try reader.next() {
                findings.append(finding)
                rows.append(Int32(truncatingIfNeeded: reader.row))
            }
            return (findings, rows)
        }
    }

    /// Hands on findings by their rows, with the position of each among these.
    ///
    /// - Throws: `StoreError`, and what `body` throws.
    func forEach(of rows: [Int32], _ body: (Finding, Int) throws -> Void) throws {
        for start in stride(from: 0, to: rows.count, by: Self.batch) {
            let part = start..<min(rows.count, start + Self.batch)
            let findings = try store.read { database in
                let reader = try FindingRows.Reader(database, from: "found WHERE rowid = ?")
                return try rows[part].map { row in
                    guard let finding = try reader.first(bound: Int64(row)) else {
                        throw StoreError(.failed, "a finding was lost in the temporary database; run again")
                    }
                    return finding
                }
            }
            for (place, finding) in zip(part, findings) { try body(finding, place) }
        }
    }
}
