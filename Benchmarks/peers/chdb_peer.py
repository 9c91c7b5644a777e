"""ClickHouse in the process (chDB): insert from the files into a MergeTree, and ask. Usage: chdb_peer.py FOLDER FOLDER_OF_DATABASE"""
import sys

from chdb import session

folder, database = sys.argv[1:]
db = session.Session(database)
db.query("CREATE DATABASE IF NOT EXISTS fleet")
db.query(
    """
    CREATE TABLE fleet.events(t Int64, kind LowCardinality(String), device String, hub LowCardinality(String),
        status LowCardinality(String), code Int32, correlation String, network String, sdk LowCardinality(String),
        protocol LowCardinality(String), duration Int32)
    ENGINE = MergeTree ORDER BY (kind, device, t)
    """
)
db.query(
    f"""
    INSERT INTO fleet.events
    SELECT toUnixTimestamp64Micro(parseDateTime64BestEffort(time, 6, 'UTC')),
        multiIf(category != 'Connections', 'registration', operationName = 'deviceConnect', 'connect', 'other'),
        coalesce(nullIf(JSONExtractString(properties, 'deviceId'), ''), nullIf(JSONExtractString(properties, 'registrationId'), ''),
            JSONExtractString(properties, 'id')),
        if(category = 'Connections', lower(splitByChar('/', resourceId)[-1]),
            splitByChar('.', JSONExtractString(properties, 'assignedHub'))[1]),
        multiIf(category = 'Connections', if(resultType = '', 'connected', 'refused'),
            JSONExtractString(properties, 'status') != '', JSONExtractString(properties, 'status'),
            resultType = 'Success', 'accepted', 'failed'),
        JSONExtractInt(properties, 'errorCode'), correlationId, JSONExtractString(properties, 'maskedIpAddress'),
        JSONExtractString(properties, 'sdkVersion'), JSONExtractString(properties, 'protocol'), toInt32OrZero(durationMs)
    FROM file('{folder}/*.json.gz', 'JSONEachRow',
        'time String, resourceId String, category String, operationName String, resultType String, correlationId String, durationMs String, properties String')
    SETTINGS input_format_skip_unknown_fields = 1
    """
)
ATTEMPTS = """
    told AS (SELECT DISTINCT device, t, hub, status, code, correlation FROM fleet.events WHERE kind = 'registration'),
    marked AS (
        SELECT *, lagInFrame(t, 1, toInt64(-1000000000)) OVER w AS before, lagInFrame(status, 1, '') OVER w AS status_before
        FROM told WINDOW w AS (PARTITION BY device ORDER BY t, status ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
    ),
    attempts AS (
        SELECT device, t, hub, status, code FROM marked
        WHERE t - before > 120000000 OR NOT (status = 'accepted' AND status_before IN ('accepted', 'assigned'))
    )
"""
FINDINGS = {
    "registration-loop": f"""
        WITH {ATTEMPTS} SELECT DISTINCT device FROM (
            SELECT device, t, lagInFrame(t, 4, toInt64(-1000000000000)) OVER (
                PARTITION BY device ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS fifth
            FROM attempts WHERE status IN ('assigned', 'accepted')
        ) WHERE t - fifth <= 3600000000""",
    "key-derivation-failure": f"""
        WITH {ATTEMPTS} SELECT DISTINCT device FROM (
            SELECT device, status, code, sum(status IN ('assigned', 'accepted')) OVER (
                PARTITION BY device ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS successes
            FROM attempts
        ) WHERE status = 'failed' AND code BETWEEN 401000 AND 401999
        GROUP BY device, successes HAVING count() >= 3""",
    "assigned-then-refused": f"""
        WITH {ATTEMPTS}, windows AS (
            SELECT device, hub, status, t, leadInFrame(t, 1, toInt64(9000000000000000)) OVER (
                PARTITION BY device ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next
            FROM attempts
        )
        SELECT DISTINCT device FROM (
            SELECT w.device AS device, w.t FROM windows w
            JOIN (SELECT device, hub, t, status FROM fleet.events WHERE kind = 'connect') c
                ON c.device = w.device AND c.hub = w.hub
            WHERE w.status = 'assigned' AND c.t >= w.t - 5000000 AND c.t <= w.t + 600000000 AND c.t < w.next
            GROUP BY w.device, w.t HAVING sum(c.status = 'connected') = 0
        )""",
}
lines = []
for rule, sql in FINDINGS.items():
    lines += [f"{rule},{device}" for device in str(db.query(sql, "TSV")).split("\n") if device]
print("\n".join(sorted(lines)))
