import AzureLogs

/// The views that people and rules read; the columns are documented in docs/schema.md.
///
/// They hold to the portable part of SQL so that the same rules run over exported tables on another engine.
/// Joins that always meet a row are left joins, so that SQLite leaves out those of which a query uses no column.
/// The exceptions are `iso` and the stem of a registration id, which become columns of text in an export.
enum SchemaViews {
    /// ISO 8601 text in UTC of a column of microseconds, NULL for NULL.
    static func iso(_ column: String) -> String {
        "strftime('%Y-%m-%dT%H:%M:%S', \(column) / 1000000, 'unixepoch') || printf('.%06dZ', \(column) % 1000000)"
    }

    /// Every event with its texts.
    static let events = """
        CREATE VIEW events AS
        SELECT e.time AS time, \(iso("e.time")) AS time_utc, c.kind AS kind, c.outcome AS outcome, c.code AS code,
            i.name AS identity, t.name AS target, c.service AS service, c.instance AS instance,
            c.category AS category, c.operation AS operation, c.result_type AS result_type,
            c.result_signature AS result_signature, c.result_description AS result_description, c.level AS level,
            c.protocol AS protocol, c.assigned_hub AS assigned_hub, c.enrollment_group AS enrollment_group,
            c.attestation AS attestation, c.status AS status, c.substatus AS substatus,
            c.error_message AS error_message, c.module AS module, n.address AS network, a.sdk AS sdk,
            e.duration AS duration_ms, e.copies AS copies, f.path AS file, e.line AS line,
            f.path || ':' || e.line AS evidence, c.failure AS failure
        FROM event e
        JOIN context c ON c.id = e.context
        JOIN file f ON f.id = e.file
        LEFT JOIN identity i ON i.id = e.identity
        LEFT JOIN identity t ON t.id = e.target
        LEFT JOIN network n ON n.id = e.network
        LEFT JOIN agent a ON a.id = e.agent
        """

    /// One row a registration attempt.
    static let attempts = """
        CREATE VIEW attempts AS
        SELECT a.id AS attempt, a.registration AS registration, r.name AS registration_id,
            r.folded AS registration_key, s.name AS spelling,
            a.started AS time, \(iso("a.started")) AS time_utc, a.ended AS ended, a.outcome AS outcome, a.code AS code,
            d.name AS dps, a.enrollment_group AS enrollment_group, a.attestation AS attestation,
            c.protocol AS protocol, c.operation AS operation, c.result_description AS result_description,
            c.error_message AS error_message, c.status AS status, c.substatus AS substatus,
            c.allocation_policy AS allocation_policy, n.address AS network, a.duration AS duration_ms, a.records AS records, a.benign AS benign,
            h.name AS hub, a.basis AS basis, v.name AS device_id, a.journey AS journey,
            f.path || ':' || a.line AS evidence, a.device AS device,
            a.network AS network_number, a.failure AS failure
        FROM attempt a
        LEFT JOIN identity r ON r.id = a.registration
        LEFT JOIN identity s ON s.id = a.spelling
        LEFT JOIN context c ON c.id = a.context
        LEFT JOIN file f ON f.id = a.file
        LEFT JOIN instance d ON d.id = a.dps
        LEFT JOIN instance h ON h.id = a.hub
        LEFT JOIN identity v ON v.id = a.device
        LEFT JOIN network n ON n.id = a.network
        """

    /// One row an attempt that DPS let in, with what the device then did.
    static let journeys = """
        CREATE VIEW journeys AS
        SELECT a.id AS attempt, a.registration AS registration, r.name AS registration_id,
            r.folded AS registration_key, v.name AS device_id,
            a.started AS time, a.ended AS assigned, \(iso("a.ended")) AS assigned_utc, a.outcome AS outcome,
            d.name AS dps, a.enrollment_group AS enrollment_group, h.name AS hub, a.basis AS basis,
            a.journey AS journey, a.reason AS reason, a.covered AS covered,
            a.contact_time AS contact_time, \(iso("a.contact_time")) AS contact_utc, o.name AS contact_hub,
            a.contact_code AS contact_code, a.contact_time - a.ended AS delay,
            f.path || ':' || a.line AS evidence, g.path || ':' || a.contact_line AS contact_evidence,
            a.device AS device
        FROM attempt a
        LEFT JOIN identity r ON r.id = a.registration
        LEFT JOIN file f ON f.id = a.file
        LEFT JOIN instance d ON d.id = a.dps
        LEFT JOIN instance h ON h.id = a.hub
        LEFT JOIN instance o ON o.id = a.contact_hub
        LEFT JOIN identity v ON v.id = a.device
        LEFT JOIN file g ON g.id = a.contact_file
        WHERE a.journey IS NOT NULL
        """

    /// One row a connect attempt at a hub; `explained` is 1 where a benign pattern accounts for a refusal.
    static let contacts = contacts("contacts", of: "event")

    /// The contacts of devices that connect often, or that a hub turned away or took over without an explanation.
    static let watchedContacts = contacts("watched_contacts", of: "watched")

    private static func contacts(_ name: String, of source: String) -> String {
        """
        CREATE VIEW \(name) AS
        SELECT e.time AS time, \(iso("e.time")) AS time_utc, i.name AS device_id, c.instance AS hub,
            CASE WHEN c.kind = 'connect' THEN c.outcome ELSE 'refused' END AS outcome, c.code AS code,
            c.result_description AS result_description, c.error_message AS error_message, c.protocol AS protocol,
            c.auth_type AS auth_type, c.module AS module, n.address AS network, a.sdk AS sdk,
            CASE WHEN c.outcome <> 'connected' AND u.time IS NULL THEN 1 ELSE 0 END AS explained,
            e.copies AS copies, f.path || ':' || e.line AS evidence, e.identity AS device,
            e.network AS network_number, e.agent AS sdk_number, c.failure AS failure
        FROM \(source) e
        JOIN context c ON c.id = e.context
        LEFT JOIN identity i ON i.id = e.identity
        LEFT JOIN file f ON f.id = e.file
        LEFT JOIN unexplained u ON u.time = e.time AND u.hash = e.hash
        LEFT JOIN network n ON n.id = e.network
        LEFT JOIN agent a ON a.id = e.agent
        WHERE e.identity IS NOT NULL AND (c.kind = 'connect' OR u.role = 'refusal') AND NOT (
            c.category = '\(LogCategory.eventGrid.rawValue)' AND EXISTS (
                SELECT 1 FROM coverage_hour h
                JOIN instance p ON p.id = h.instance
                WHERE p.service = 'hub' AND p.name = c.instance AND h.category IN (\(LogCategory.sql(.connections)))
                    AND h.hour <= e.time AND e.time < h.hour + 3600000000
            )
        )
        """
    }

    /// One row a registration: how often it asked, and what was last known of it.
    static let registrationTotals = """
        CREATE VIEW registration_totals AS
        SELECT t.registration AS registration, r.name AS registration_id, r.folded AS registration_key,
            RTRIM(r.folded, '0123456789') AS stem, v.name AS device_id, t.device AS device,
            t.enrollment_group AS enrollment_group, d.name AS dps, t.attempts AS attempts,
            t.answered AS answered, t.unauthorized AS unauthorized, t.last_answered AS last_answered,
            t.last_assigned AS last_assigned, h.name AS assigned_hub, t.hub_moves AS hub_moves,
            t.closest AS closest, t.failures AS failures, t.failing_since AS failing_since,
            t.last_failed AS last_failed, t.first_answered AS first_answered
        FROM registration_total t
        LEFT JOIN identity r ON r.id = t.registration
        LEFT JOIN identity v ON v.id = t.device
        LEFT JOIN instance d ON d.id = t.dps
        LEFT JOIN instance h ON h.id = t.assigned_hub
        """

    /// One row a hub event that no benign pattern explains.
    static let unexplainedErrors = """
        CREATE VIEW unexplained_errors AS
        SELECT u.time AS time, \(iso("u.time")) AS time_utc, u.role AS role,
            CASE WHEN u.role = 'refusal' OR c.kind = 'connect' THEN 1 ELSE 0 END AS is_refusal, i.name AS device_id, c.instance AS hub,
            c.category AS category, c.operation AS operation, u.code AS code, c.result_type AS result_type,
            c.result_description AS result_description, c.error_message AS error_message, c.protocol AS protocol,
            c.module AS module, n.address AS network, a.sdk AS sdk, u.copies AS copies,
            f.path || ':' || u.line AS evidence, u.identity AS device, c.failure AS failure
        FROM unexplained u
        LEFT JOIN context c ON c.id = u.context
        LEFT JOIN file f ON f.id = u.file
        LEFT JOIN identity i ON i.id = u.identity
        LEFT JOIN network n ON n.id = u.network
        LEFT JOIN agent a ON a.id = u.agent
        """

    /// One row a change made through the DPS service API.
    static let serviceOperations = """
        CREATE VIEW service_operations AS
        SELECT e.time AS time, \(iso("e.time")) AS time_utc, i.name AS enrollment, c.instance AS dps,
            c.operation AS operation, c.outcome AS outcome, c.code AS code, c.result_type AS result_type,
            c.result_description AS result_description, n.address AS network, f.path || ':' || e.line AS evidence
        FROM operation o
        CROSS JOIN event e
        JOIN context c ON c.id = e.context
        JOIN file f ON f.id = e.file
        LEFT JOIN identity i ON i.id = e.identity
        LEFT JOIN network n ON n.id = e.network
        WHERE e.time = o.time AND e.hash = o.hash AND c.kind = 'service-operation'
        """

    /// One row a device: the totals of its records at the hubs.
    static let deviceTotals = """
        CREATE VIEW device_totals AS
        SELECT t.device AS device, i.name AS device_id, t.registration AS registration, r.name AS registration_id,
            g.enrollment_group AS enrollment_group, h.name AS hub, t.records AS records, t.contacts AS contacts,
            t.connected AS connected, t.refused AS refused, t.first_time AS first_time, t.last_time AS last_time,
            t.last_connected AS last_connected, t.last_refused AS last_refused, t.longest_gap AS longest_gap,
            a.sdk AS sdk, n.address AS network, t.protocol AS protocol, t.is_open AS is_open,
            t.hub_changes AS hub_changes, t.first_connected AS first_connected, t.agent AS sdk_number, t.network AS network_number,
            t.first_refused AS first_refused
        FROM device_total t
        LEFT JOIN identity i ON i.id = t.device
        LEFT JOIN identity r ON r.id = t.registration
        LEFT JOIN registration_total g ON g.registration = t.registration
        LEFT JOIN instance h ON h.id = t.hub
        LEFT JOIN agent a ON a.id = t.agent
        LEFT JOIN network n ON n.id = t.network
        """

    /// One row a channel that hubs refused since they last let it in.
    static let refusalRuns = refusals("refusal_runs", "r.failure = 'any'", failure: "")

    /// The same by the class of the failure.
    static let refusalRunClasses = refusals(
        "refusal_run_classes",
        "r.failure <> 'any'",
        failure: "r.failure AS failure,"
    )

    private static func refusals(_ name: String, _ condition: String, failure: String) -> String {
        """
        CREATE VIEW \(name) AS
        SELECT r.device AS device, i.name AS device_id, r.module AS module, h.name AS hub, \(failure)
            r.failures AS refusals, r.first_time AS first_time, r.last_time AS last_time,
            d.first_connected AS first_connected, \(lastOfRun("r"))
        FROM refusal_run r
        LEFT JOIN identity i ON i.id = r.device
        LEFT JOIN instance h ON h.id = r.hub
        LEFT JOIN device_total d ON d.device = r.device
        LEFT JOIN context c ON c.id = r.context
        LEFT JOIN file f ON f.id = r.file
        LEFT JOIN file g ON g.id = r.last_file
        WHERE \(condition)
        """
    }

    /// One row a run of attempts of a registration that DPS refused, without a success between them.
    static let failureRuns = failures("failure_runs", "r.failure = 'any'", failure: "")

    /// The same by the class of the failure.
    static let failureRunClasses = failures(
        "failure_run_classes",
        "r.failure <> 'any'",
        failure: "r.failure AS failure,"
    )

    private static func failures(_ name: String, _ condition: String, failure: String) -> String {
        """
        CREATE VIEW \(name) AS
        SELECT r.registration AS registration, i.name AS registration_id, i.folded AS registration_key,
            r.device AS device, v.name AS device_id, r.enrollment_group AS enrollment_group, d.name AS dps,
            r.attestation AS attestation, r.run AS run, r.is_open AS is_open, \(failure)
            r.failures AS failures, r.first_time AS first_time, r.last_time AS last_time, \(lastOfRun("r"))
        FROM failure_run r
        LEFT JOIN identity i ON i.id = r.registration
        LEFT JOIN identity v ON v.id = r.device
        LEFT JOIN instance d ON d.id = r.dps
        LEFT JOIN context c ON c.id = r.context
        LEFT JOIN file f ON f.id = r.file
        LEFT JOIN file g ON g.id = r.last_file
        WHERE \(condition)
        """
    }

    /// What runs of both kinds say of their last failure and of their codes and records.
    private static func lastOfRun(_ run: String) -> String {
        """
        \(run).code AS code, \(run).least_code AS least_code, \(run).greatest_code AS greatest_code, \(run).codes AS codes,
            c.outcome AS outcome, CASE WHEN c.error_message <> '' THEN c.error_message
                WHEN c.result_description <> '' THEN c.result_description END AS text,
            f.path || ':' || \(run).line AS evidence, g.path || ':' || \(run).last_line AS evidence_2
        """
    }

    /// One row a minute in which a hub lost or refused several devices.
    static let hubMinutes = """
        CREATE VIEW hub_minutes AS
        SELECT n.name AS hub, m.minute AS minute, \(iso("m.minute")) AS minute_utc, m.drops AS drops,
            m.refusals AS refusals, m.connects AS connects, m.sessions AS sessions,
            m.explained AS explained
        FROM hub_minute m
        JOIN instance n ON n.id = m.hub
        """

    /// Enrollments as exports of DPS say.
    static let enrollments = """
        CREATE VIEW enrollments AS
        SELECT e.kind AS kind, e.name AS enrollment, e.folded AS enrollment_key, e.device_id AS device_id,
            e.status AS status, e.attestation AS attestation, e.allocation_policy AS allocation_policy,
            e.reprovision_policy AS reprovision_policy, ',' || e.hubs || ',' AS hubs, e.created AS created,
            e.updated AS updated, f.path || ':' || e.line AS evidence
        FROM enrollment e
        JOIN file f ON f.id = e.file
        """

    /// Registration records as exports of DPS say.
    static let registrationRecords = """
        CREATE VIEW registration_records AS
        SELECT r.registration_id AS registration_id, r.folded AS registration_key, r.device_id AS device_id,
            r.hub AS hub, r.status AS status, r.substatus AS substatus, r.enrollment_group AS enrollment_group,
            r.created AS created, r.updated AS updated, f.path || ':' || r.line AS evidence
        FROM registration_record r
        JOIN file f ON f.id = r.file
        """

    /// The hubs that exports of a DPS instance name as linked.
    static let linkedHubs = """
        CREATE VIEW linked_hubs AS
        SELECT l.dps AS dps, l.hub AS hub, l.weight AS weight, l.applies AS applies, l.policy AS policy,
            f.path || ':' || l.line AS evidence
        FROM linked_hub l
        JOIN file f ON f.id = l.file
        """

    /// Errors that a benign pattern accounts for, by pattern, device and hub.
    static let explained = """
        CREATE VIEW explained_errors AS
        SELECT x.pattern AS pattern, i.name AS device_id, COALESCE(n.service, 'hub') AS service,
            COALESCE(n.name, '') AS instance,
            x.events AS events, x.first_time AS first_time, x.last_time AS last_time,
            \(iso("x.first_time")) AS first_utc, \(iso("x.last_time")) AS last_utc
        FROM explained x
        JOIN identity i ON i.id = x.identity
        LEFT JOIN instance n ON n.id = x.instance
        """

    /// For which resource, category and hour records were read.
    static let coverage = """
        CREATE VIEW coverage AS
        SELECT n.service AS service, n.name AS instance, h.category AS category, h.hour AS hour,
            \(iso("h.hour")) AS hour_utc, h.records AS records, h.first_time AS first_time, h.last_time AS last_time,
            h.instance AS instance_number, \(LogCategory.sqlUse(of: "h.category")) AS tells_of
        FROM coverage_hour h
        JOIN instance n ON n.id = h.instance
        """

    /// The times that rejected records and unreadable files make doubtful, and whom they may have told of.
    ///
    /// What begins before all times begins at 0, what has no end ends with the year 9999.
    static let doubts = """
        CREATE VIEW doubts AS
        SELECT d.service AS service, n.name AS instance, i.name AS device_id, i.folded AS device_key, d.reach AS reach,
            d.begins AS begins, \(iso("d.begins")) AS begins_utc, d.ends AS ends, \(iso("d.ends")) AS ends_utc,
            d.records AS records, f.path || ':' || d.line AS evidence, d.instance AS instance_number
        FROM doubt d
        JOIN file f ON f.id = d.file
        LEFT JOIN instance n ON n.id = d.instance
        LEFT JOIN identity i ON i.id = d.identity
        """

    /// What was read, with the latest state of every path.
    static let files = """
        CREATE VIEW files AS
        SELECT id, path, generation, container, state, note, bytes_read, bytes_inflated, lines, stored, duplicates,
            ignored, rejected, copy_of, formats, dates, dates_why
        FROM file
        """

    /// What could not be read.
    static let rejects = """
        CREATE VIEW rejects AS
        SELECT f.path AS file, r.line AS line, r.offset AS offset, r.reason AS reason, r.detail AS detail,
            r.sample AS sample, r.time AS time, r.resource AS resource, r.category AS category,
            r.identity AS identity,
            r.previous_time AS previous_time, r.next_time AS next_time, f.path || ':' || r.line AS evidence
        FROM reject r
        JOIN file f ON f.id = r.file
        """

    /// All views, in the order in which they can be created.
    static let all = [
        events, attempts, registrationTotals, journeys, contacts, watchedContacts, deviceTotals, failureRuns,
        failureRunClasses, refusalRuns, refusalRunClasses, hubMinutes, unexplainedErrors, serviceOperations, explained,
        coverage, doubts, files, rejects, enrollments,
        registrationRecords, linkedHubs,
    ]
}
