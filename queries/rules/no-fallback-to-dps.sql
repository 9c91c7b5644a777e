-- rule: no-fallback-to-dps
-- title: The hub refuses the device, and it does not ask DPS again
-- severity: medium
-- subject: device
-- confidence: likely
-- family: credentials
-- errors: hub 401, 403012, 404001
-- absence: within dps; between hub
-- watches: refusals count
-- parameter: count = 3, at least 3: refusals 401, 403 or 404 in a row
-- parameter: minutes = 30: from the first to the last, more than
-- registry: hub
-- needs: dps, hub
-- why: A device that the hub refuses for good is meant to register again; this one keeps knocking and will not
--     recover by itself.
-- causes: The firmware keeps the assignment for ever, or treats every refusal as a bad network.
-- fix: Change the firmware to register again after refusals with 401, 403 or 404; restart these devices by hand until
--     then.
-- not this: Refusals that a success followed; the refusal that comes with the renewal of a token; a device that registers between the refusals; logs of
--     DPS that do not cover the time.
-- references: DPS, reprovisioning
-- summary: {hub} refused {device_id} {occurrences} times and it did not ask DPS in between
WITH ongoing AS MATERIALIZED (
    SELECT device, MIN(first_time) AS begins FROM refusal_runs WHERE refusals >= :count GROUP BY device
),
judged AS (
    SELECT c.device AS device, c.time AS time,
        CASE WHEN c.outcome = 'refused' AND c.explained = 0
            AND c.failure IN ('credential', 'thumbprint', 'disabled', 'not-found') THEN 1 ELSE 0 END AS is_refusal,
        SUM(CASE WHEN c.outcome = 'connected' THEN 1 ELSE 0 END) OVER (
            PARTITION BY c.device ORDER BY c.time, c.outcome DESC ROWS UNBOUNDED PRECEDING
        ) AS successes
    FROM ongoing o
    JOIN watched_contacts c ON c.device = o.device AND c.time >= o.begins
),
runs AS MATERIALIZED (
    SELECT device, successes, MIN(time) AS begins, MAX(time) AS ends
    FROM judged
    WHERE is_refusal = 1
    GROUP BY device, successes
    HAVING COUNT(*) >= :count AND MAX(time) - MIN(time) > :minutes * 60000000
),
known AS MATERIALIZED (
    SELECT r.*, d.registration AS registration, d.registration_id AS registration_id, d.enrollment_group AS enrollment_group
    FROM runs r
    JOIN device_totals d ON d.device = r.device
),
covered AS (
    SELECT MIN(first_time) AS first_time, MAX(last_time) AS last_time
    FROM coverage
    WHERE service = 'dps' AND tells_of = 'registrations'
),
owners AS (
    SELECT device, registration FROM known WHERE registration IS NOT NULL
    UNION
    SELECT device, registration FROM registration_totals WHERE device IN (SELECT device FROM known)
),
asked AS MATERIALIZED (
    SELECT DISTINCT k.device AS device, k.begins AS begins
    FROM known k
    JOIN owners o ON o.device = k.device
    JOIN attempts a ON a.registration = o.registration AND a.time BETWEEN k.begins AND k.ends
),
marks AS (
    SELECT k.device AS device, k.begins AS begins, k.ends AS ends, k.registration_id AS registration_id, k.enrollment_group AS enrollment_group,
        0 AS is_asked
    FROM known k
    JOIN covered c ON c.first_time <= k.begins AND c.last_time >= k.ends
    UNION ALL
    SELECT device, begins, NULL, NULL, NULL, 1 FROM asked
),
alone AS (
    SELECT device, begins, MAX(ends) AS ends, MAX(registration_id) AS registration_id, MAX(enrollment_group) AS enrollment_group
    FROM marks
    GROUP BY device, begins
    HAVING MAX(is_asked) = 0
),
refusals AS MATERIALIZED (
    SELECT c.device AS device, c.device_id AS device_id, c.hub AS hub, c.time AS time, c.evidence AS evidence
    FROM watched_contacts c
    WHERE c.device IN (SELECT device FROM alone) AND c.outcome = 'refused' AND c.explained = 0
        AND c.failure IN ('credential', 'thumbprint', 'disabled', 'not-found')
)
SELECT
    MIN(r.device_id) AS subject,
    MAX(k.registration_id) AS registration_id,
    MIN(r.device_id) AS device_id,
    MAX(k.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(r.hub) AS hub,
    MIN(r.time) AS first_seen,
    MAX(r.time) AS last_seen,
    COUNT(*) AS occurrences,
    'not-asked-again' AS reason,
    'likely' AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence) AS evidence_2,
    NULL AS evidence_3
FROM alone k
JOIN refusals r ON r.device = k.device AND r.time BETWEEN k.begins AND k.ends
GROUP BY k.device
