-- rule: recovered
-- title: Failed several times, then succeeded
-- severity: informational
-- subject: device
-- confidence: certain
-- family: recovered
-- errors: dps; hub
-- absence: between dps; between hub
-- watches: refusals count
-- parameter: count = 3, at least 3: failures at DPS, or refusals of a hub, in a row before the success
-- needs: files
-- why: The device came through on its own; what stood in its way may come back.
-- causes: A key or certificate that was mended; an enrollment that was made late; a service that had trouble for a
--     time.
-- fix: Nothing now; look at what changed between the last failure and the success.
-- not this: One failure and a success; the challenge that every TPM registration begins with.
-- references: docs/correlation.md, journeys
-- summary: {subject} was refused {occurrences} times and then let in ({reason})
WITH ended AS MATERIALIZED (
    SELECT registration, run, failures, first_time, last_time, evidence,
        ROW_NUMBER() OVER (PARTITION BY registration ORDER BY run DESC) AS n
    FROM failure_runs
    WHERE is_open = 0 AND failures >= :count
),
answered AS (
    -- Within a registration a later attempt has a higher number.
    SELECT e.registration AS registration, MIN(a.attempt) AS attempt
    FROM ended e
    JOIN attempts a ON a.registration = e.registration AND a.time >= e.last_time
    WHERE e.n = 1 AND a.outcome IN ('assigned', 'accepted')
    GROUP BY e.registration
),
provisioned AS (
    SELECT
        a.registration_id AS subject,
        a.registration_id AS registration_id,
        a.device_id AS device_id,
        a.enrollment_group AS enrollment_group,
        a.dps AS dps,
        a.hub AS hub,
        e.first_time AS first_seen,
        a.time AS last_seen,
        e.failures AS occurrences,
        'failures-then-success' AS reason,
        'certain' AS confidence,
        e.evidence AS evidence,
        a.evidence AS evidence_2,
        NULL AS evidence_3
    FROM ended e
    JOIN answered s ON s.registration = e.registration
    JOIN attempts a ON a.attempt = s.attempt
    WHERE e.n = 1
),
let_in AS (
    SELECT c.device AS device, c.device_id AS device_id, COALESCE(c.module, '') AS module, c.hub AS hub, c.time AS time, c.outcome AS outcome, c.copies AS copies, c.evidence AS evidence,
        CASE WHEN c.outcome = 'connected' THEN 1 ELSE 0 END AS is_success
    FROM watched_contacts c
    WHERE c.explained = 0 AND c.device IN (
        SELECT device FROM device_totals WHERE refused >= :count AND last_connected > last_refused
    )
),
counted AS (
    SELECT let_in.*,
        SUM(is_success) OVER (
            PARTITION BY device, module ORDER BY time, is_success, evidence ROWS UNBOUNDED PRECEDING
        ) AS successes,
        SUM(is_success) OVER (PARTITION BY device, module) AS all_successes
    FROM let_in
),
refused AS (
    SELECT device, module, successes, SUM(copies) AS failures, MIN(time) AS begins, MIN(evidence) AS evidence
    FROM counted
    WHERE is_success = 0 AND successes < all_successes
    GROUP BY device, module, successes
    HAVING SUM(copies) >= :count
),
last_refused AS (
    SELECT refused.*, ROW_NUMBER() OVER (PARTITION BY device ORDER BY begins DESC, module) AS n FROM refused
),
connected AS (
    SELECT MIN(c.device_id) AS subject, MAX(d.registration_id) AS registration_id, MIN(c.device_id) AS device_id,
        MAX(d.enrollment_group) AS enrollment_group, MAX(c.hub) AS hub, MIN(l.begins) AS first_seen,
        MIN(c.time) AS last_seen, MAX(l.failures) AS occurrences, MIN(l.evidence) AS evidence,
        MIN(c.evidence) AS evidence_2
    FROM last_refused l
    JOIN counted c ON c.device = l.device AND c.module = l.module AND c.is_success = 1 AND c.successes = l.successes + 1
    JOIN device_totals d ON d.device = l.device
    WHERE l.n = 1
    GROUP BY l.device
)
SELECT subject, registration_id, device_id, enrollment_group, dps, hub, first_seen, last_seen, occurrences, reason,
    confidence, evidence, evidence_2, evidence_3, NULL AS episode
FROM provisioned
UNION ALL
SELECT subject, registration_id, device_id, enrollment_group, NULL, hub, first_seen, last_seen, occurrences,
    'refusals-then-success', 'certain', evidence, evidence_2, NULL, 'hub'
FROM connected
