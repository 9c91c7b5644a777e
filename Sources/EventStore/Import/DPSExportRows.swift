import AzureLogs
import FoundationEssentials
import GRDB

/// Rows of exports: registration records and enrollments.
enum DPSExportRows {
    /// Stores what an export said; false if the same was said before.
    ///
    /// - Parameter group: the enrollment group that the file's name gives its registration records.
    static func insert(_ snapshot: DPSExport, file: Int, line: Int, group: String? = nil, _ database: Database) throws
        -> Bool
    {
        switch snapshot {
        case .registration(let record): return try insert(record, of: group, file, line, database)
        case .enrollment(let enrollment, let record):
            var isNew = try insert(enrollment, file, line, database)
            if let record, try insert(record, file, line, database) { isNew = true }
            return isNew
        case .instance(let instance): return try insert(instance, file, line, database)
        }
    }

    private static func insert(_ record: InstanceRecord, _ file: Int, _ line: Int, _ database: Database) throws -> Bool
    {
        var isNew = false
        for hub in record.hubs {
            // An export has no time of its own: what several say of one hub stands side by side.
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO linked_hub(hash, dps, hub, weight, applies, policy, file, line)
                    VALUES(?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    hash("\(record.name) \(record.policy ?? "") \(hub)"), record.name, hub.name, hub.weight,
                    hub.applies,
                    record.policy, file, line,
                ]
            )
            if database.changesCount > 0 { isNew = true }
        }
        return isNew
    }

    private static func insert(
        _ record: RegistrationRecord,
        of group: String? = nil,
        _ file: Int,
        _ line: Int,
        _ database: Database
    ) throws -> Bool {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO registration_record(hash, registration_id, folded, device_id, hub, status, substatus,
                    error_code, error_message, enrollment_group, created, updated, file, line)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                // The same record out of a file that names no group stands beside it: either may come first.
                hash("\(record)" + (group.map { " " + $0 } ?? "")), record.registrationId,
                record.registrationId.lowercased(), record.deviceId,
                record.hub,
                record.status, record.substatus, record.errorCode, record.errorMessage, group, record.created,
                record.updated, file, line,
            ]
        )
        return database.changesCount > 0
    }

    private static func insert(_ record: EnrollmentRecord, _ file: Int, _ line: Int, _ database: Database) throws
        -> Bool
    {
        try database.execute(
            sql: """
                INSERT OR IGNORE INTO enrollment(hash, kind, name, folded, device_id, status, attestation,
                    allocation_policy, reprovision_policy, hubs, created, updated, file, line)
                VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                hash("\(record)"), record.isGroup ? "group" : "individual", record.name, record.name.lowercased(),
                record.deviceId, record.status, record.attestation, record.allocationPolicy, record.reprovisionPolicy,
                record.hubs, record.created, record.updated, file, line,
            ]
        )
        return database.changesCount > 0
    }

    private static func hash(_ text: String) -> Int64 {
        Int64(bitPattern: Fingerprint.hash(text, seed: 0x736E_6170))
    }
}

/// Bytes as GRDB binds them.
enum DatabaseBytes {
    static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }
}

/// Rows of table `context`.
enum ContextRows {
    private static let columns = ["kind", "outcome", "code", "service", "instance", "failure"] + EventContext.columns

    /// The statement for `insert`: contexts may be as many as hubs are.
    static func inserting(_ handle: OpaquePointer) throws -> PreparedStatement {
        let marks = repeatElement("?", count: columns.count + 1).joined(separator: ", ")
        return try PreparedStatement(
            handle,
            "INSERT INTO context(id, \(columns.joined(separator: ", "))) VALUES(\(marks))"
        )
    }

    /// Stores a context under its id.
    static func insert(_ context: EventContext, id: Int, by statement: PreparedStatement) throws {
        statement.bind(1, Int64(id))
        statement.bind(2, context.kind.rawValue)
        statement.bind(3, context.outcome.rawValue)
        if let code = context.code { statement.bind(4, Int64(code)) } else { statement.bindNull(4) }
        statement.bind(5, context.service.rawValue)
        statement.bind(6, context.instance)
        if let failure = context.failure { statement.bind(7, failure.rawValue) } else { statement.bindNull(7) }
        for (index, text) in context.texts.enumerated() { statement.bind(Int32(8 + index), text) }
        try statement.run()
    }

    /// Goes through all contexts of the database, by id.
    static func forEach(_ database: Database, _ body: (Int, EventContext) -> Void) throws {
        let list = EventContext.columns.joined(separator: ", ")
        let rows = try PreparedStatement(database, "SELECT id, \(list) FROM context ORDER BY id")
        let count = try RowNumbers.highest(of: "context", database) + 1
        while try rows.next() {
            // The texts are in their canonical form, of which the canonical form is the same.
            let texts = (1...EventContext.columns.count).map { rows.text(Int32($0)) }
            body(rows.index(0, below: count), EventContext(verbatim: texts))
        }
    }
}
