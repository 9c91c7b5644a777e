-- rule: recovered
-- title: Failed several times, then succeeded
-- severity: informational
-- subject: device
-- confidence: certain
-- family: recovered
-- errors: dps; hub
-- absence: between dps; between hub
-- parameter: count = 3: failures at DPS, or refusals of a hub, in a row before the success
-- needs: files
-- why: The device came through on its own; what stood in its way may come back.
-- causes: A key or certificate that was mended; an enrollment that was made late; a service that had trouble for a
--     time.
-- fix: Nothing now; look at what changed between the last failure and the success.
-- not this: One failure and a success; the challenge that every TPM registration begins with.
-- references: docs/correlation.md, journeys
-- summary: {subject} was refused {occurrences} times and then let in ({reason})
WITH judged AS (
    SELECT registration, registration_id, device_id, enrollment_group, dps, hub, time, outcome, evidence, attempt,
        CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END AS is_success
    FROM attempts
    WHERE registration IN (
        SELECT registration FROM registration_totals WHERE answered >= 1 AND attempts - answered >= :count
    )
),
numbered AS (
    SELECT judged.*,
        SUM(is_success) OVER (PARTITION BY registration ORDER BY time, attempt ROWS UNBOUNDED PRECEDING) AS successes,
        SUM(is_success) OVER (PARTITION BY registration) AS all_successes
    FROM judged
),
runs AS (
    SELECT registration, successes, COUNT(*) AS failures, MIN(time) AS begins, MIN(evidence) AS evidence
    FROM numbered
    WHERE outcome IN ('failed', 'disabled', 'throttled') AND successes < all_successes
    GROUP BY registration, successes
    HAVING COUNT(*) >= :count
),
latest AS (
    SELECT registration, MAX(successes) AS successes FROM runs GROUP BY registration
),
provisioned AS (
SELECT
    n.registration_id AS subject,
    n.registration_id AS registration_id,
    n.device_id AS device_id,
    n.enrollment_group AS enrollment_group,
    n.dps AS dps,
    n.hub AS hub,
    r.begins AS first_seen,
    n.time AS last_seen,
    r.failures AS occurrences,
    'failures-then-success' AS reason,
    'certain' AS confidence,
    r.evidence AS evidence,
    n.evidence AS evidence_2,
    NULL AS evidence_3
FROM latest l
JOIN runs r ON r.registration = l.registration AND r.successes = l.successes
JOIN numbered n ON n.registration = r.registration AND n.is_success = 1 AND n.successes = r.successes + 1
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
