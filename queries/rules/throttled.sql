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
WITH suspects AS MATERIALIZED (
    SELECT registration
    FROM failure_run_classes
    WHERE failure = 'throttled'
    GROUP BY registration
    HAVING SUM(failures) >= :count
),
spans AS (
    -- Within a registration a later attempt has a higher number.
    SELECT registration, attempt, time,
        CASE WHEN LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) - time <= :minutes * 60000000
            THEN 1 ELSE 0 END AS begins
    FROM attempts
    WHERE failure = 'throttled' AND registration IN (SELECT registration FROM suspects)
),
near AS (
    SELECT spans.*,
        MAX(begins) OVER (
            PARTITION BY registration ORDER BY attempt ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM spans
)
SELECT
    MIN(a.registration_id) AS subject,
    MIN(a.registration_id) AS registration_id,
    MAX(a.device_id) AS device_id,
    MAX(a.enrollment_group) AS enrollment_group,
    MAX(a.dps) AS dps,
    NULL AS hub,
    MIN(s.time) AS first_seen,
    MAX(s.time) AS last_seen,
    COUNT(*) AS occurrences,
    '429' AS reason,
    'certain' AS confidence,
    MIN(a.evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(a.evidence) END AS evidence_2,
    NULL AS evidence_3,
    'code ' || COALESCE(MAX(a.code), 429) || ': ' || MAX(SUBSTR(CASE WHEN a.error_message <> '' THEN a.error_message WHEN a.result_description <> '' THEN a.result_description ELSE 'throttled' END, 1, 160)) AS said
FROM near s
JOIN attempts a ON a.attempt = s.attempt
JOIN registration_totals t ON t.registration = s.registration
WHERE s.is_inside = 1 OR s.time >= t.failing_since
GROUP BY s.registration
HAVING COUNT(*) >= :count
