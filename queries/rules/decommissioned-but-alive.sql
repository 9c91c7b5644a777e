-- rule: decommissioned-but-alive
-- title: A device that was taken out of service still connects
-- severity: critical
-- subject: device
-- confidence: likely
-- family: enrollments
-- absence: within dps
-- parameter: minutes = 10: after the change, at least, since records of two services are not written at once
-- registry: hub
-- needs: hub
-- why: Its enrollment is gone or disabled, but the hub still lets it in: whoever has it is inside.
-- causes: Only the first of two steps was done: the enrollment was removed at DPS, the identity in the hub was left
--     enabled.
-- fix: Disable or delete the identity in the hub as well.
-- not this: A device that connected before and not since; an enrollment that was disabled and enabled again, or made
--     anew.
-- references: DPS, how to disenroll a device
-- summary: {device_id} connected to {hub} after its enrollment was {reason}
WITH removed AS (
    SELECT LOWER(o.enrollment) AS id, MAX(o.time) AS time, MAX(o.evidence) AS evidence, 'deleted' AS reason
    FROM service_operations o
    WHERE o.enrollment IS NOT NULL AND o.outcome = 'succeeded' AND LOWER(o.operation) LIKE '%delete%'
    GROUP BY LOWER(o.enrollment)
),
made AS (
    SELECT LOWER(enrollment) AS id, MAX(time) AS time
    FROM service_operations
    WHERE enrollment IS NOT NULL AND outcome = 'succeeded'
        AND (LOWER(operation) LIKE '%upsert%' OR LOWER(operation) LIKE '%create%' OR LOWER(operation) LIKE '%update%')
    GROUP BY LOWER(enrollment)
),
disabled AS (
    SELECT e.enrollment_key AS id, MAX(e.updated) AS time, MAX(e.evidence) AS evidence, 'disabled' AS reason
    FROM enrollments e
    WHERE e.kind = 'individual' AND e.updated IS NOT NULL
    GROUP BY e.enrollment_key
    HAVING MAX(CASE WHEN e.status = 'disabled' THEN e.updated END) = MAX(e.updated)
),
ended AS (
    SELECT r.id AS id, r.time AS time, r.evidence AS evidence, r.reason AS reason
    FROM removed r
    LEFT JOIN made m ON m.id = r.id AND m.time >= r.time
    WHERE m.id IS NULL
    UNION ALL
    SELECT id, time, evidence, reason FROM disabled
),
keys AS MATERIALIZED (
    SELECT registration_key, registration_id, device_id FROM registration_totals WHERE EXISTS (SELECT 1 FROM ended)
),
named AS (
    SELECT e.id AS id, e.time AS time, e.evidence AS evidence, e.reason AS reason, LOWER(COALESCE(t.device_id, x.device_id, e.id)) AS device_key,
        t.registration_id AS registration_id
    FROM ended e
    LEFT JOIN keys t ON t.registration_key = e.id
    LEFT JOIN enrollments x ON x.enrollment_key = e.id AND x.kind = 'individual' AND x.device_id IS NOT NULL
),
devices AS MATERIALIZED (
    SELECT device_id, LOWER(device_id) AS device_key, hub, last_connected
    FROM device_totals
    WHERE last_connected IS NOT NULL AND EXISTS (SELECT 1 FROM ended)
)
SELECT
    d.device_id AS subject,
    MAX(n.registration_id) AS registration_id,
    d.device_id AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(d.hub) AS hub,
    MIN(n.time) AS first_seen,
    MAX(d.last_connected) AS last_seen,
    COUNT(DISTINCT n.reason) AS occurrences,
    MIN(n.reason) AS reason,
    'likely' AS confidence,
    MIN(n.evidence) AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3
FROM named n
JOIN devices d ON d.device_key = n.device_key
WHERE d.last_connected >= n.time + :minutes * 60000000
GROUP BY d.device_id
