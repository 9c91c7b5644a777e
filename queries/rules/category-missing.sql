-- rule: category-missing
-- title: An expected category of logs is missing
-- severity: high
-- subject: hub
-- confidence: certain
-- family: logs
-- parameter: hours = 6: with logs of other categories, at least
-- needs: files
-- why: Without connection logs of a hub, or registration logs of DPS, nothing can be said of its devices: no finding
--     does not mean that all is well.
-- causes: The diagnostic setting leaves the category out, or sends it elsewhere; only a part of the export was read.
-- fix: Switch on Connections at the hub, and DeviceOperations at DPS, in the diagnostic settings, or read the missing
--     files.
-- not this: A hub of which no logs were read at all (coverage-gap).
-- references: docs/correlation.md, coverage; Azure Monitor, diagnostic settings
-- summary: {subject}: logs were read, but none of {reason}
WITH streams AS (
    SELECT service, instance, COUNT(DISTINCT hour) AS hours, MIN(first_time) AS first_time, MAX(last_time) AS last_time,
        SUM(CASE WHEN tells_of = 'connections' THEN 1 ELSE 0 END) AS connections,
        SUM(CASE WHEN tells_of = 'registrations' THEN 1 ELSE 0 END)
            AS registrations
    FROM coverage
    GROUP BY service, instance
)
SELECT
    instance AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    CASE WHEN service = 'dps' THEN instance END AS dps,
    CASE WHEN service = 'hub' THEN instance END AS hub,
    first_time AS first_seen,
    last_time AS last_seen,
    hours AS occurrences,
    CASE WHEN service = 'hub' THEN 'Connections' ELSE 'DeviceOperations' END AS reason,
    'certain' AS confidence,
    NULL AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3,
    service AS subject_kind
FROM streams
WHERE hours >= :hours AND (service = 'hub' AND connections = 0 OR service = 'dps' AND registrations = 0)
