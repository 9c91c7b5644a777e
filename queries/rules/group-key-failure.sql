-- rule: group-key-failure
-- title: Keys of a whole group or batch are not accepted
-- severity: critical
-- subject: enrollment-group
-- confidence: certain
-- family: keys
-- holds: yes
-- parameter: count = 3: failures of a device with no success between
-- parameter: devices = 10: devices that fail
-- parameter: share_percent = 50: of the active devices of the group or batch
-- parameter: apart = 10: healthy neighbours in a row, at least, that part one batch of ids from the next
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
    FROM registrations
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
active AS (
    SELECT registration, registration_key, enrollment_group, dps,
        RTRIM(registration_key, '0123456789') AS stem,
        CAST(SUBSTR(registration_key, LENGTH(RTRIM(registration_key, '0123456789')) + 1) AS INTEGER) AS number,
        CASE WHEN registration IN (SELECT registration FROM runs) THEN 1 ELSE 0 END AS is_failing
    FROM registration_totals
),
struck_groups AS (
    SELECT enrollment_group, MAX(dps) AS dps, SUM(is_failing) AS failing
    FROM active
    WHERE enrollment_group IS NOT NULL
    GROUP BY enrollment_group
    HAVING SUM(is_failing) >= :devices AND SUM(is_failing) * 100 >= COUNT(*) * :share_percent
),
loose AS (
    SELECT active.*, SUBSTR(registration_key, LENGTH(stem) + 1) AS digits,
        ROW_NUMBER() OVER (PARTITION BY stem ORDER BY number, registration_key) AS n
    FROM active
    WHERE LENGTH(stem) > 0 AND stem <> registration_key AND stem IN (SELECT stem FROM active WHERE is_failing = 1)
        AND (enrollment_group IS NULL OR enrollment_group NOT IN (SELECT enrollment_group FROM struck_groups))
),
failing AS (
    SELECT loose.*, n - LAG(n) OVER (PARTITION BY stem ORDER BY n) - 1 AS healthy_before
    FROM loose
    WHERE is_failing = 1
),
batched AS (
    SELECT failing.*,
        SUM(CASE WHEN healthy_before < :apart THEN 0 ELSE 1 END) OVER (
            PARTITION BY stem ORDER BY n ROWS UNBOUNDED PRECEDING
        ) AS batch
    FROM failing
),
extents AS (
    SELECT stem, batch, MIN(n) AS low, MAX(n) AS high, MAX(dps) AS dps, MAX(enrollment_group) AS enrollment_group
    FROM batched
    GROUP BY stem, batch
    HAVING COUNT(*) >= :devices AND COUNT(*) * 100 >= (MAX(n) - MIN(n) + 1) * :share_percent
),
struck_batches AS (
    SELECT e.stem, e.batch, e.dps, e.enrollment_group,
        MIN(CASE WHEN l.n = e.low THEN l.digits END) AS low, MAX(CASE WHEN l.n = e.high THEN l.digits END) AS high
    FROM extents e
    JOIN loose l ON l.stem = e.stem AND l.n IN (e.low, e.high)
    GROUP BY e.stem, e.batch, e.dps, e.enrollment_group
),
struck AS (
    SELECT a.registration, g.enrollment_group AS subject, g.enrollment_group, g.dps, 'group' AS reason
    FROM struck_groups g
    JOIN active a ON a.enrollment_group = g.enrollment_group
    WHERE a.is_failing = 1
    UNION ALL
    SELECT l.registration, b.stem || b.low || '..' || b.high, b.enrollment_group, b.dps, 'batch'
    FROM struck_batches b
    JOIN batched l ON l.stem = b.stem AND l.batch = b.batch
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
    NULL AS evidence_3
FROM struck s
JOIN runs r ON r.registration = s.registration
GROUP BY s.subject
