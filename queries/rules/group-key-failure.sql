-- rule: group-key-failure
-- title: Keys of a whole group or batch are not accepted
-- severity: critical
-- subject: enrollment-group
-- confidence: certain
-- family: keys
-- holds: yes
-- errors: dps 401
-- absence: devices dps
-- parameter: count = 3: failures of a device with no success between or behind them
-- parameter: devices = 10: devices that fail
-- parameter: share_percent = 50: of the active devices of the group or batch
-- parameter: quiet_hours = 24: hours without a newly affected device that separate two outbreaks
-- parameter: apart = 10: healthy neighbours in a row that separate two batches of ids
-- registry: refused-group
-- end: failed
-- needs: dps
-- why: Many devices fail in the same way at once: the mistake was made once, in the group or in production.
-- causes: The group key was regenerated or the group was made anew; a production batch was flashed with keys derived
--     in the wrong way.
-- fix: Compare one failing device with a key derived anew; if the group key has changed restore it, if the batch is
--     wrong derive its keys again.
-- not this: Single devices that fail in a healthy group; a group whose devices came through (recovered).
-- references: DPS, symmetric key attestation
-- summary: {occurrences} devices of {subject} fail to attest with their keys
WITH runs AS MATERIALIZED (
    -- 1. Who fails now (`failed`), in which groups (`struck_groups`) and, of the ids outside of these, in which batches of
    --    neighbours (`struck_batches`).
    -- 2. Who ever failed in them (`struck`), and when each had failed often enough (`crossed`).
    -- 3. Which outbreak struck most of those that fail now, and whom it struck first (`ranked_runs`).
    SELECT registration, run AS successes_before, is_open AS is_current, first_time AS first_seen, last_time AS last_seen,
        attestation, evidence, evidence_2
    FROM failure_run_classes
    WHERE failure = 'credential' AND failures >= :count
),
counted AS (
    SELECT r.registration AS registration, r.successes_before AS successes_before, a.time AS time,
        ROW_NUMBER() OVER (PARTITION BY r.registration, r.successes_before ORDER BY a.attempt) AS nth
    FROM runs r
    JOIN attempts a ON a.registration = r.registration AND a.time BETWEEN r.first_seen AND r.last_seen
    WHERE a.failure = 'credential'
),
crossed AS (
    -- When each device had failed often enough: what comes later does not change who was first.
    SELECT registration, successes_before, time AS since
    FROM counted
    WHERE nth = :count
),
failed AS (
    SELECT registration, registration_key, stem, enrollment_group, COALESCE(dps, '') AS dps
    FROM registration_totals
    WHERE registration IN (SELECT registration FROM runs WHERE is_current = 1)
),
failed_groups AS (
    -- Groups of one name at two instances are two groups.
    SELECT enrollment_group, dps, COUNT(*) AS failing
    FROM failed
    WHERE enrollment_group IS NOT NULL
    GROUP BY enrollment_group, dps
    HAVING COUNT(*) >= :devices
),
members AS MATERIALIZED (
    SELECT enrollment_group, COALESCE(dps, '') AS dps
    FROM registration_totals
    WHERE enrollment_group IN (SELECT enrollment_group FROM failed_groups)
),
struck_groups AS (
    SELECT f.enrollment_group AS enrollment_group, f.dps AS dps
    FROM failed_groups f
    JOIN members m ON m.enrollment_group = f.enrollment_group AND m.dps = f.dps
    GROUP BY f.enrollment_group, f.dps, f.failing
    HAVING f.failing * 100 >= COUNT(*) * :share_percent
),
stems AS (
    SELECT stem, MIN(registration) AS series
    FROM failed
    GROUP BY stem
    HAVING COUNT(*) >= :devices AND LENGTH(stem) > 0
),
ungrouped_ids AS (
    -- Two ids may have the same number and differ in leading zeros. Not all engines have numbers of 19 digits and more:
    -- such ids follow the others in the order of their texts.
    SELECT s.series AS series, a.registration AS registration, a.registration_key AS registration_key,
        LENGTH(a.registration_key) AS length,
        CASE WHEN LENGTH(a.registration_key) - LENGTH(s.stem) <= 18
            THEN CAST(SUBSTR(a.registration_key, LENGTH(s.stem) + 1) AS BIGINT) ELSE 1000000000000000000 END AS number
    FROM registration_totals a
    JOIN stems s ON s.stem = a.stem
    LEFT JOIN struck_groups g ON g.enrollment_group = a.enrollment_group AND g.dps = COALESCE(a.dps, '')
    WHERE s.stem <> a.registration_key AND g.enrollment_group IS NULL
),
numbered_ids AS (
    SELECT series, registration,
        ROW_NUMBER() OVER (PARTITION BY series ORDER BY number, length, registration_key) AS n
    FROM ungrouped_ids
),
failing_ids AS (
    SELECT series, registration, n, n - LAG(n) OVER (PARTITION BY series ORDER BY n) - 1 AS healthy_before
    FROM numbered_ids
    WHERE registration IN (SELECT registration FROM failed)
),
failing_batches AS (
    SELECT failing_ids.*,
        SUM(CASE WHEN healthy_before < :apart THEN 0 ELSE 1 END) OVER (
            PARTITION BY series ORDER BY n ROWS UNBOUNDED PRECEDING
        ) AS batch
    FROM failing_ids
),
batch_extents AS (
    SELECT series, batch, MIN(n) AS low, MAX(n) AS high
    FROM failing_batches
    GROUP BY series, batch
    HAVING COUNT(*) >= :devices AND COUNT(*) * 100 >= (MAX(n) - MIN(n) + 1) * :share_percent
),
struck_batches AS (
    SELECT e.series AS series, e.high AS last_n, COALESCE(MAX(t.dps), '') AS dps, MAX(t.enrollment_group) AS enrollment_group,
        MAX(CASE WHEN b.n = e.low THEN t.registration_key END) AS low,
        MAX(CASE WHEN b.n = e.high THEN SUBSTR(t.registration_key, LENGTH(t.stem) + 1) END) AS high
    FROM batch_extents e
    JOIN failing_batches b ON b.series = e.series AND b.batch = e.batch
    JOIN registration_totals t ON t.registration = b.registration
    GROUP BY e.series, e.batch, e.low, e.high
),
ever_failing_ids AS (
    SELECT series, registration, n, n - LAG(n) OVER (PARTITION BY series ORDER BY n) - 1 AS healthy_before
    FROM numbered_ids
    WHERE registration IN (SELECT registration FROM runs)
),
ever_batches AS (
    SELECT ever_failing_ids.*,
        SUM(CASE WHEN healthy_before < :apart THEN 0 ELSE 1 END) OVER (
            PARTITION BY series ORDER BY n ROWS UNBOUNDED PRECEDING
        ) AS batch
    FROM ever_failing_ids
),
batches_of_ids AS (
    -- A device that came through belongs to the batch at or behind its id in the stretch of ids that ever failed, else to the
    -- last one of that stretch: with failing batches p-10..p-19 and p-40..p-49 in one stretch, p-30 belongs to the second,
    -- and so does p-55.
    SELECT e.series AS series, e.registration AS registration,
        MIN(b.last_n) OVER (PARTITION BY e.series, e.batch ORDER BY e.n DESC ROWS UNBOUNDED PRECEDING) AS next_last_n,
        MAX(b.last_n) OVER (PARTITION BY e.series, e.batch) AS latest_n
    FROM ever_batches e
    LEFT JOIN struck_batches b ON b.series = e.series AND b.last_n = e.n
),
struck AS (
    -- Also those that came through since, so that who was struck first does not change by that.
    SELECT t.registration AS registration, g.enrollment_group AS subject, g.enrollment_group AS enrollment_group,
        g.dps AS dps, 'group' AS reason
    FROM struck_groups g
    JOIN registration_totals t ON t.enrollment_group = g.enrollment_group AND COALESCE(t.dps, '') = g.dps
    WHERE t.registration IN (SELECT registration FROM runs)
    UNION ALL
    SELECT o.registration AS registration, b.low || '..' || b.high, b.enrollment_group AS enrollment_group, b.dps AS dps, 'batch'
    FROM batches_of_ids o
    JOIN struck_batches b ON b.series = o.series AND b.last_n = COALESCE(o.next_last_n, o.latest_n)
),
struck_runs AS (
    SELECT s.subject AS subject, s.enrollment_group AS enrollment_group, s.dps AS dps, s.reason AS reason,
        r.registration AS registration, r.is_current AS is_current, r.first_seen AS first_seen, r.last_seen AS last_seen,
        r.attestation AS attestation, r.evidence AS evidence, r.evidence_2 AS evidence_2, c.since AS since,
        t.registration_key AS registration_key,
        c.since - LAG(c.since) OVER (PARTITION BY s.subject, s.dps ORDER BY c.since, t.registration_key) AS pause
    FROM struck s
    JOIN runs r ON r.registration = s.registration
    JOIN crossed c ON c.registration = r.registration AND c.successes_before = r.successes_before
    JOIN registration_totals t ON t.registration = s.registration
),
dated_runs AS (
    SELECT struck_runs.*,
        SUM(CASE WHEN pause <= :quiet_hours * 3600000000 THEN 0 ELSE 1 END) OVER (
            PARTITION BY subject, dps ORDER BY since, registration_key ROWS UNBOUNDED PRECEDING
        ) AS outbreak
    FROM struck_runs
),
outbreaks AS (
    SELECT subject, dps, outbreak, SUM(is_current) AS devices,
        ROW_NUMBER() OVER (PARTITION BY subject, dps ORDER BY SUM(is_current) DESC, outbreak) AS place
    FROM dated_runs
    GROUP BY subject, dps, outbreak
),
ranked_runs AS (
    -- The finding begins with the outbreak that struck most of those that fail now.
    SELECT p.*, CASE WHEN o.place = 1 THEN 1 ELSE 0 END AS is_main,
        ROW_NUMBER() OVER (PARTITION BY p.subject, p.dps, o.place ORDER BY p.since, p.registration_key) AS nth
    FROM dated_runs p
    JOIN outbreaks o ON o.subject = p.subject AND o.dps = p.dps AND o.outbreak = p.outbreak
)
SELECT
    subject AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    NULLIF(dps, '') AS dps,
    NULL AS hub,
    MIN(CASE WHEN is_main = 1 THEN first_seen END) AS first_seen,
    MAX(CASE WHEN is_current = 1 THEN last_seen END) AS last_seen,
    COUNT(DISTINCT CASE WHEN is_current = 1 THEN registration END) AS occurrences,
    MIN(reason) AS reason,
    CASE WHEN MIN(COALESCE(attestation, '')) = '' THEN 'likely' ELSE 'certain' END AS confidence,
    MIN(CASE WHEN is_current = 1 THEN evidence END) AS evidence,
    MAX(CASE WHEN is_current = 1 THEN evidence_2 END) AS evidence_2,
    NULL AS evidence_3,
    MAX(CASE WHEN is_main = 1 AND nth = 1 THEN registration_key END) AS first_struck
FROM ranked_runs
GROUP BY subject, dps
