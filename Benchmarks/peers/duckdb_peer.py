"""DuckDB: read the files in parallel into a database file, unfold `properties`, and ask. Usage: duckdb_peer.py FOLDER DATABASE"""
import sys

import duckdb

import findings_sql

folder, database = sys.argv[1:]
con = duckdb.connect(database)
con.execute(
    f"""
    CREATE TABLE events AS
    SELECT epoch_us(CAST("time" AS TIMESTAMP)) AS t,
        CASE WHEN category = 'Connections' THEN CASE operationName WHEN 'deviceConnect' THEN 'connect' ELSE 'other' END
            ELSE 'registration' END AS kind,
        COALESCE(p->>'$.deviceId', p->>'$.registrationId', p->>'$.id') AS device,
        CASE WHEN category = 'Connections' THEN lower(split_part(resourceId, '/', -1))
            ELSE split_part(p->>'$.assignedHub', '.', 1) END AS hub,
        CASE WHEN category = 'Connections' THEN CASE WHEN resultType IS NULL THEN 'connected' ELSE 'refused' END
            WHEN p->>'$.status' IS NOT NULL THEN p->>'$.status'
            WHEN resultType = 'Success' THEN 'accepted' ELSE 'failed' END AS status,
        CAST(COALESCE(p->>'$.errorCode', CASE WHEN category = 'Connections' THEN resultType END) AS INTEGER) AS code,
        p->>'$.attestationType' AS attestation, correlationId AS correlation, p->>'$.maskedIpAddress' AS network, p->>'$.sdkVersion' AS sdk,
        p->>'$.protocol' AS protocol, TRY_CAST(durationMs AS INTEGER) AS duration
    FROM (
        SELECT *, CAST(properties AS JSON) AS p
        FROM read_json('{folder}/*.json.gz', format = 'newline_delimited', columns = {{
            'time': 'VARCHAR', 'resourceId': 'VARCHAR', 'category': 'VARCHAR', 'operationName': 'VARCHAR',
            'resultType': 'VARCHAR', 'correlationId': 'VARCHAR', 'durationMs': 'VARCHAR', 'properties': 'VARCHAR'}})
    )
    """
)
findings_sql.show(lambda sql: [row[0] for row in con.execute(sql).fetchall()])
