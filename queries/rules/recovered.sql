-- rule: recovered
-- title: Failed several times, then succeeded
-- severity: informational
-- subject: device
-- confidence: certain
-- family: recovered
-- parameter: count = 3: failures in a row before the success
-- needs: dps
-- why: The device came through on its own; what stood in its way may come back.
-- causes: A key or certificate that was mended; an enrollment that was made late; a service that had trouble for a
--     time.
-- fix: Nothing now; look at what changed between the last failure and the success.
-- not this: One failure and a success; the challenge that every TPM registration begins with.
-- references: contracts
-- summary: {registration_id} failed {occurrences} times and then succeeded
WITH judged AS (
    SELECT registration, registration_id, device_id, enrollment_group, dps, hub, time, outcome, evidence, attempt,
        CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END AS is_success
    FROM registrations
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
)
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
