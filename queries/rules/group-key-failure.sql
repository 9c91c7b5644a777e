-- rule: group-key-failure
-- title: Keys of a whole group or batch are not accepted
-- severity: critical
-- subject: enrollment-group
-- confidence: certain
-- family: keys
-- holds: yes
-- errors: dps 401
-- absence: devices dps
-- parameter: count = 3: failures of a device with no success between
-- parameter: devices = 10: devices that fail
-- parameter: share_percent = 50: of the active devices of the group or batch
-- parameter: apart = 10: healthy neighbours in a row, at least, that part one batch of ids from the next
-- registry: refused-group
-- end: failed
-- needs: dps
-- why: Many devices fail in the same way at once: the mistake was made once, in the group or in production.
-- causes: The group key was regenerated or the group was made anew; a production batch was flashed with keys derived
--     in the wrong way.
-- fix: Compare one failing device with a key derived anew; if the group key has changed restore it, if the batch is
--     wrong derive its keys again.
-- not this: Single devices that fail in a healthy group.
-- references: contracts; DPS, symmetric key attestation
-- summary: {occurrences} devices of {subject} fail to attest with their keys
WITH judged AS (
    SELECT registration, attestation, time, evidence, attempt, code,
        CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END AS is_success,
        CASE WHEN outcome = 'failed' AND (code = 401 OR code BETWEEN 401000 AND 401999) AND COALESCE(error_message, '') NOT LIKE '%ErrorCode:IotHubUnauthorizedAccess%'
            AND (attestation = 'symmetricKey' OR attestation IS NULL AND NOT (result_description LIKE '%ertificate%' OR error_message LIKE '%ertificate%')) THEN 1 ELSE 0 END AS is_failure
    FROM attempts
    WHERE registration IN (SELECT registration FROM registration_totals WHERE unauthorized >= :count)
),
numbered AS (
    SELECT judged.*,
        SUM(is_success) OVER (
            PARTITION BY registration ORDER BY time, attempt ROWS UNBOUNDED PRECEDING
        ) AS successes_before
    FROM judged
),
runs AS (
    SELECT registration, successes_before, COUNT(*) AS failures, MIN(time) AS first_seen, MAX(time) AS last_seen,
        MIN(attestation) AS attestation, MIN(code) AS code, MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM numbered
    WHERE is_failure = 1
    GROUP BY registration, successes_before
    HAVING COUNT(*) >= :count
),
counted AS (
    SELECT registration, time,
        ROW_NUMBER() OVER (PARTITION BY registration, successes_before ORDER BY time, attempt) AS nth
    FROM numbered
    WHERE is_failure = 1
),
crossed AS (
    -- When each device had failed often enough: what comes later does not change who was first.
    SELECT registration, MIN(time) AS since
    FROM counted
    WHERE nth = :count
    GROUP BY registration
),
failed AS (
    SELECT registration, registration_key, stem, enrollment_group, dps
    FROM registration_totals
    WHERE registration IN (SELECT registration FROM runs)
),
failed_groups AS (
    SELECT enrollment_group, MAX(dps) AS dps, COUNT(*) AS failing
    FROM failed
    WHERE enrollment_group IS NOT NULL
    GROUP BY enrollment_group
    HAVING COUNT(*) >= :devices
),
members AS MATERIALIZED (
    SELECT enrollment_group
    FROM registration_totals
    WHERE enrollment_group IN (SELECT enrollment_group FROM failed_groups)
),
struck_groups AS (
    SELECT f.enrollment_group AS enrollment_group, f.dps AS dps
    FROM failed_groups f
    JOIN members m ON m.enrollment_group = f.enrollment_group
    GROUP BY f.enrollment_group, f.dps, f.failing
    HAVING f.failing * 100 >= COUNT(*) * :share_percent
),
stems AS (
    SELECT stem, MIN(registration) AS series
    FROM failed
    GROUP BY stem
    HAVING COUNT(*) >= :devices AND LENGTH(stem) > 0
),
loose AS (
    -- Of two ids with the same number one has more zeros before it.
    SELECT s.series AS series, a.registration AS registration, LENGTH(a.registration_key) AS length,
        CAST(SUBSTR(a.registration_key, LENGTH(s.stem) + 1) AS BIGINT) AS number
    FROM registration_totals a
    JOIN stems s ON s.stem = a.stem
    WHERE s.stem <> a.registration_key
        AND (a.enrollment_group IS NULL OR a.enrollment_group NOT IN (SELECT enrollment_group FROM struck_groups))
),
placed AS (
    SELECT series, registration,
        ROW_NUMBER() OVER (PARTITION BY series ORDER BY number, length) AS n
    FROM loose
),
failing AS (
    SELECT series, registration, n, n - LAG(n) OVER (PARTITION BY series ORDER BY n) - 1 AS healthy_before
    FROM placed
    WHERE registration IN (SELECT registration FROM failed)
),
batched AS (
    SELECT failing.*,
        SUM(CASE WHEN healthy_before < :apart THEN 0 ELSE 1 END) OVER (
            PARTITION BY series ORDER BY n ROWS UNBOUNDED PRECEDING
        ) AS batch
    FROM failing
),
extents AS (
    SELECT series, batch, MIN(n) AS low, MAX(n) AS high
    FROM batched
    GROUP BY series, batch
    HAVING COUNT(*) >= :devices AND COUNT(*) * 100 >= (MAX(n) - MIN(n) + 1) * :share_percent
),
struck_batches AS (
    SELECT e.series AS series, e.batch AS batch, MAX(t.dps) AS dps, MAX(t.enrollment_group) AS enrollment_group,
        MAX(CASE WHEN b.n = e.low THEN t.registration_key END) AS low,
        MAX(CASE WHEN b.n = e.high THEN SUBSTR(t.registration_key, LENGTH(t.stem) + 1) END) AS high
    FROM extents e
    JOIN batched b ON b.series = e.series AND b.batch = e.batch
    JOIN registration_totals t ON t.registration = b.registration
    GROUP BY e.series, e.batch
),
struck AS (
    SELECT a.registration AS registration, g.enrollment_group AS subject, g.enrollment_group AS enrollment_group, g.dps AS dps, 'group' AS reason
    FROM struck_groups g
    JOIN failed a ON a.enrollment_group = g.enrollment_group
    UNION ALL
    SELECT l.registration AS registration, b.low || '..' || b.high, b.enrollment_group AS enrollment_group, b.dps AS dps, 'batch'
    FROM struck_batches b
    JOIN batched l ON l.series = b.series AND l.batch = b.batch
),
ordered AS (
    SELECT s.*, t.registration_key AS registration_key,
        ROW_NUMBER() OVER (PARTITION BY s.subject ORDER BY c.since, t.registration_key) AS place
    FROM struck s
    JOIN crossed c ON c.registration = s.registration
    JOIN registration_totals t ON t.registration = s.registration
)
SELECT
    s.subject AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    MAX(s.enrollment_group) AS enrollment_group,
    MAX(s.dps) AS dps,
    NULL AS hub,
    MIN(r.first_seen) AS first_seen,
    MAX(r.last_seen) AS last_seen,
    COUNT(DISTINCT s.registration) AS occurrences,
    MIN(s.reason) AS reason,
    CASE WHEN MIN(COALESCE(r.attestation, '')) = '' THEN 'likely' ELSE 'certain' END AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence) AS evidence_2,
    NULL AS evidence_3,
    MAX(CASE WHEN s.place = 1 THEN s.registration_key END) AS first_struck
FROM ordered s
JOIN runs r ON r.registration = s.registration
GROUP BY s.subject
