-- rule: stuck-assigning
-- title: DPS never came to an answer
-- severity: medium
-- subject: device
-- confidence: certain
-- family: allocation
-- holds: yes
-- absence: near dps
-- parameter: minutes = 5: without an answer
-- end: failed
-- needs: dps
-- why: The device was told to wait and got no answer; it cannot reach a hub.
-- causes: A webhook for custom allocation that hangs; a migration between hubs that does not end; a device that gave
--     up asking; a log record that was lost.
-- fix: Look at the webhook and the linked hubs at that time; let the device register again, and look its operation up
--     if it stays so.
-- not this: A device that asks again within the time; one that a hub accepted afterwards, so that it had its answer; the
--     end of the logs, behind which nothing is known.
-- references: DPS device API, operation status
-- summary: {registration_id} was told to wait by {dps} and got no answer within {minutes} minutes
WITH waiting AS (
    SELECT registration, registration_id, device_id, enrollment_group, dps, time, ended, outcome, evidence,
        LEAD(time) OVER (PARTITION BY registration ORDER BY time, attempt) AS next_time
    FROM attempts
    WHERE registration IN (SELECT registration FROM attempts WHERE outcome = 'assigning')
),
ends AS (
    SELECT instance, MAX(last_time) AS last_time
    FROM coverage
    WHERE service = 'dps' AND tells_of = 'registrations'
    GROUP BY instance
),
stuck AS MATERIALIZED (
    SELECT w.*
    FROM ends e
    CROSS JOIN waiting w
    WHERE w.dps = e.instance AND w.outcome = 'assigning' AND e.last_time >= w.ended + :minutes * 60000000
        AND (w.next_time IS NULL OR w.next_time - w.ended >= :minutes * 60000000)
),
reached AS MATERIALIZED (
    SELECT device_id, first_time, last_connected
    FROM device_totals
    WHERE last_connected IS NOT NULL AND device_id IN (SELECT device_id FROM stuck)
)
SELECT
    MIN(w.registration_id) AS subject,
    MIN(w.registration_id) AS registration_id,
    MAX(w.device_id) AS device_id,
    MAX(w.enrollment_group) AS enrollment_group,
    MAX(w.dps) AS dps,
    NULL AS hub,
    MIN(w.time) AS first_seen,
    MAX(w.ended) AS last_seen,
    COUNT(*) AS occurrences,
    'no-answer' AS reason,
    'certain' AS confidence,
    MIN(w.evidence) AS evidence,
    MAX(w.evidence) AS evidence_2,
    NULL AS evidence_3
FROM stuck w
LEFT JOIN reached r ON r.device_id = w.device_id
WHERE CASE WHEN w.next_time IS NULL AND r.last_connected >= w.ended
    OR r.first_time >= w.ended AND r.first_time < w.next_time THEN 0 ELSE 1 END = 1
GROUP BY w.registration
