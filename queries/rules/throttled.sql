-- rule: throttled
-- title: Throttled by DPS
-- severity: medium
-- subject: device
-- confidence: certain
-- family: throttling
-- errors: dps 429
-- parameter: count = 2: answers 429 with no success after them, or within the time
-- parameter: minutes = 15: sliding, ends included
-- end: throttled
-- needs: dps
-- why: The DPS instance has reached its limit of registrations a minute; devices wait or give up.
-- causes: A roll-out or a mass restart without spreading; devices that poll too often.
-- fix: Spread the roll-out over time, let devices wait as long as retry-after says, with a random part.
-- not this: A single 429 that a success follows; answers that are hours apart when a success followed them.
-- references: DPS quotas and limits; DPS, deploy at scale
-- summary: {registration_id} was throttled {occurrences} times by {dps} ({said})
WITH throttled AS MATERIALIZED (
    -- First, for else all attempts are gone through in the order of the partitions.
    SELECT registration, registration_id, device_id, enrollment_group, dps, time, evidence, attempt, code,
        SUBSTR(CASE WHEN error_message <> '' THEN error_message WHEN result_description <> '' THEN result_description ELSE 'throttled' END, 1, 160) AS text
    FROM attempts
    WHERE outcome = 'throttled'
),
answers AS (
    SELECT throttled.*,
        ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time, attempt) AS n,
        ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time DESC, attempt DESC) AS from_last
    FROM throttled
),
spans AS (
    SELECT answers.*,
        CASE WHEN LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY n) - time <= :minutes * 60000000
            THEN 1 ELSE 0 END AS begins
    FROM answers
),
near AS (
    SELECT spans.*,
        MAX(begins) OVER (
            PARTITION BY registration ORDER BY n ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM spans
)
SELECT
    MIN(s.registration_id) AS subject,
    MIN(s.registration_id) AS registration_id,
    MAX(s.device_id) AS device_id,
    MAX(s.enrollment_group) AS enrollment_group,
    MAX(s.dps) AS dps,
    NULL AS hub,
    MIN(s.time) AS first_seen,
    MAX(s.time) AS last_seen,
    COUNT(*) AS occurrences,
    '429' AS reason,
    'certain' AS confidence,
    MIN(s.evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(s.evidence) END AS evidence_2,
    NULL AS evidence_3,
    'code ' || COALESCE(MAX(s.code), 429) || ': ' || MAX(s.text) AS said
FROM near s
JOIN registration_totals t ON t.registration = s.registration
WHERE s.is_inside = 1 OR s.time >= t.failing_since
GROUP BY s.registration
HAVING COUNT(*) >= :count
