-- rule: no-fallback-to-dps
-- title: The hub refuses the device, and it does not ask DPS again
-- severity: medium
-- subject: device
-- confidence: likely
-- family: credentials
-- parameter: count = 3, at least 3: refusals 401, 403 or 404 in a row
-- parameter: minutes = 30: from the first to the last, more than
-- needs: dps, hub
-- why: A device that the hub refuses for good is meant to register again; this one keeps knocking and will not
--     recover by itself.
-- causes: The firmware keeps the assignment for ever, or treats every refusal as a bad network.
-- fix: Change the firmware to register again after refusals with 401, 403 or 404; restart these devices by hand until
--     then.
-- not this: The refusal that comes with the renewal of a token; a device that registers between the refusals; logs of
--     DPS that do not cover the time.
-- references: catalogue of checks, correlation; DPS, reprovisioning
-- summary: {hub} refused {device_id} {occurrences} times and it did not ask DPS in between
WITH suspects AS (
    SELECT device_id
    FROM troubles
    WHERE role = 'refusal' AND (code BETWEEN 401000 AND 401999 OR code = 403012 OR code = 404001)
    GROUP BY device_id
    HAVING COUNT(*) >= :count
),
judged AS (
    SELECT c.device_id, c.hub, c.time, c.evidence, c.outcome, c.explained, c.code,
        SUM(CASE WHEN c.outcome = 'connected' THEN 1 ELSE 0 END) OVER (
            PARTITION BY c.device_id ORDER BY c.time, c.outcome DESC ROWS UNBOUNDED PRECEDING
        ) AS successes
    FROM watched_contacts c
    WHERE c.device_id IN (SELECT device_id FROM suspects)
),
runs AS (
    SELECT device_id, successes, MAX(hub) AS hub, COUNT(*) AS refusals, MIN(time) AS begins, MAX(time) AS ends,
        MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM judged
    WHERE outcome = 'refused' AND explained = 0
        AND (code BETWEEN 401000 AND 401999 OR code = 403012 OR code = 404001)
    GROUP BY device_id, successes
    HAVING COUNT(*) >= :count AND MAX(time) - MIN(time) > :minutes * 60000000
),
known AS (
    SELECT r.*, d.registration, d.registration_id, d.enrollment_group
    FROM runs r
    JOIN device_totals d ON d.device_id = r.device_id
),
covered AS (
    SELECT MIN(first_time) AS first_time, MAX(last_time) AS last_time
    FROM coverage
    WHERE service = 'dps' AND category IN ('DeviceOperations', 'RegistrationsOperationalLogs')
),
owners AS (
    SELECT device_id, registration FROM known WHERE registration IS NOT NULL
    UNION
    SELECT device_id, registration FROM registration_totals WHERE device_id IN (SELECT device_id FROM known)
),
asked AS (
    SELECT k.device_id, k.begins
    FROM known k
    JOIN owners o ON o.device_id = k.device_id
    JOIN registrations a ON a.registration = o.registration AND a.time BETWEEN k.begins AND k.ends
)
SELECT
    k.device_id AS subject,
    MAX(k.registration_id) AS registration_id,
    k.device_id AS device_id,
    MAX(k.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(k.hub) AS hub,
    MIN(k.begins) AS first_seen,
    MAX(k.ends) AS last_seen,
    SUM(k.refusals) AS occurrences,
    'not-asked-again' AS reason,
    'likely' AS confidence,
    MIN(k.evidence) AS evidence,
    MAX(k.evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM known k
JOIN covered c ON c.first_time <= k.begins AND c.last_time >= k.ends
WHERE NOT EXISTS (SELECT 1 FROM asked a WHERE a.device_id = k.device_id AND a.begins = k.begins)
GROUP BY k.device_id
