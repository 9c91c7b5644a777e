-- rule: throttled-without-backoff
-- title: Throttled and does not back off
-- severity: high
-- subject: device
-- confidence: certain
-- family: throttling
-- errors: dps 429
-- parameter: count = 10: answers 429
-- parameter: minutes = 5: within this span, ends included
-- parameter: gap_seconds = 5: the median gap between them is less
-- end: throttled
-- restless: yes
-- needs: dps
-- why: The device answers throttling with more requests, and so keeps the whole fleet throttled.
-- causes: The firmware retries at once, without waiting for retry-after and without a random part.
-- fix: Make the firmware wait as long as retry-after says, doubling from there, with a random part.
-- not this: Devices that are throttled and wait longer each time (throttled).
-- references: DPS, deploy at scale
-- summary: {registration_id} was throttled {occurrences} times by {dps} and retried within seconds
WITH suspects AS MATERIALIZED (
    SELECT registration
    FROM failure_run_classes
    WHERE failure = 'throttled'
    GROUP BY registration
    HAVING SUM(failures) >= :count
),
answers AS (
    -- Within a registration a later attempt has a higher number.
    SELECT registration, attempt, time, time - LAG(time) OVER (PARTITION BY registration ORDER BY attempt) AS gap
    FROM attempts
    WHERE failure = 'throttled' AND registration IN (SELECT registration FROM suspects)
),
counted AS (
    SELECT answers.*,
        SUM(CASE WHEN gap < :gap_seconds * 1000000 THEN 1 ELSE 0 END) OVER (
            PARTITION BY registration ORDER BY attempt ROWS UNBOUNDED PRECEDING
        ) AS short_gaps
    FROM answers
),
spans AS (
    SELECT counted.*,
        CASE WHEN LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) - time <= :minutes * 60000000
            AND (LEAD(short_gaps, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) - short_gaps) * 2 > :count - 1
            THEN 1 ELSE 0 END AS begins
    FROM counted
),
struck AS (
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
    'no-backoff' AS reason,
    'certain' AS confidence,
    MIN(a.evidence) AS evidence,
    MAX(a.evidence) AS evidence_2,
    NULL AS evidence_3
FROM struck s
JOIN attempts a ON a.attempt = s.attempt
WHERE s.is_inside = 1
GROUP BY s.registration
