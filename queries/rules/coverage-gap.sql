-- rule: coverage-gap
-- title: Logs are missing
-- severity: medium
-- subject: hub
-- confidence: certain
-- family: logs
-- parameter: records_per_hour = 20: of a stream on average, and on both sides of a hole, so that it says something
-- parameter: hours = 6: covered hours, at least, before a stream has a cadence
-- needs: files
-- why: Where logs are missing, dpslens cannot say that a device never connected: silence there means nothing.
-- causes: The diagnostic setting of the hub is off or sends elsewhere; the export was not complete; the service did
--     not deliver.
-- fix: Switch on the diagnostic setting for Connections, or add the missing files, and run again.
-- not this: Quiet hours of a small fleet.
-- references: docs/correlation.md, coverage; Azure Monitor, diagnostic settings
-- summary: logs of {subject} are missing ({reason}), {occurrences} cases
WITH streams AS (
    SELECT instance_number, category, MIN(service) AS service, MIN(instance) AS instance, COUNT(*) AS hours,
        SUM(records) * 1e0 / COUNT(*) AS density
    FROM coverage
    GROUP BY instance_number, category
),
unseen AS MATERIALIZED (
    SELECT hub, time, evidence
    FROM attempts
    WHERE hub IS NOT NULL AND basis IN ('logged', 'snapshot')
        AND hub NOT IN (SELECT instance FROM streams WHERE service = 'hub')
),
assigned AS (
    SELECT hub, MIN(time) AS first_seen, MAX(time) AS last_seen, COUNT(*) AS devices, MIN(evidence) AS evidence
    FROM unseen
    GROUP BY hub
),
ends AS (
    SELECT c.instance_number AS instance_number, c.category AS category, c.hour AS ends, (
            SELECT MAX(p.hour) FROM coverage p
            WHERE p.instance_number = c.instance_number AND p.category = c.category AND p.hour < c.hour
        ) AS last_hour
    FROM coverage c
    WHERE c.records >= :records_per_hour AND NOT EXISTS (
        SELECT 1 FROM coverage p
        WHERE p.instance_number = c.instance_number AND p.category = c.category AND p.hour = c.hour - 3600000000
    )
),
holes AS (
    SELECT d.service AS service, d.instance AS instance, e.category AS category, e.last_hour + 3600000000 AS begins, e.ends AS ends
    FROM ends e
    JOIN streams d ON d.instance_number = e.instance_number AND d.category = e.category
    JOIN coverage b ON b.instance_number = e.instance_number AND b.category = e.category AND b.hour = e.last_hour
    WHERE d.density >= :records_per_hour AND d.hours >= :hours AND b.records >= :records_per_hour
)
SELECT
    hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    hub AS hub,
    first_seen AS first_seen,
    last_seen AS last_seen,
    devices AS occurrences,
    'no hub logs were read' AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3,
    'hub' AS subject_kind,
    'none' AS episode
FROM assigned
UNION ALL
SELECT
    instance,
    NULL,
    NULL,
    NULL,
    MAX(CASE WHEN service = 'dps' THEN instance END),
    MAX(CASE WHEN service = 'hub' THEN instance END),
    MIN(begins),
    MAX(ends),
    COUNT(*),
    category || ' has empty hours',
    'certain',
    NULL,
    NULL,
    NULL,
    service,
    category
FROM holes
GROUP BY service, instance, category
