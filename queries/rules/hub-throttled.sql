-- rule: hub-throttled
-- title: A hub throttles a device
-- severity: medium
-- subject: device
-- confidence: certain
-- family: throttling
-- errors: hub 429
-- parameter: count = 3: answers 429 within the time
-- parameter: minutes = 60: sliding, ends included
-- end: refused
-- needs: hub
-- why: What the device sent was turned away; it is lost unless the device sends it again, slower.
-- causes: A burst after an outage; a loop without pause; more devices than the units of the hub carry.
-- fix: Spread what devices do over time and let them back off; add units if the load is meant.
-- not this: Throttling by DPS (throttled); a single answer 429.
-- references: IoT Hub, quotas and throttling, 429001 to 429005
-- summary: {hub} throttled {subject} {occurrences} times ({reason})
WITH answers AS (
    SELECT COALESCE(device_id, hub) AS subject, device_id, hub, time, code, evidence,
        ROW_NUMBER() OVER (PARTITION BY COALESCE(device_id, hub), hub ORDER BY time, evidence) AS n
    FROM unexplained_errors
    WHERE role = 'throttle' AND hub IS NOT NULL AND hub <> ''
),
spans AS (
    SELECT a.subject AS subject, a.hub AS hub, a.n AS first_n, b.n AS last_n
    FROM answers a
    JOIN answers b ON b.subject = a.subject AND b.hub = a.hub AND b.n = a.n + :count - 1
    WHERE b.time - a.time <= :minutes * 60000000
),
struck AS (
    SELECT DISTINCT w.subject AS subject, w.device_id AS device_id, w.hub AS hub, w.time AS time, w.code AS code, w.evidence AS evidence, w.n AS n
    FROM spans s
    JOIN answers w ON w.subject = s.subject AND w.hub = s.hub AND w.n BETWEEN s.first_n AND s.last_n
)
SELECT
    subject AS subject,
    NULL AS registration_id,
    MAX(device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(hub) AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    'code-' || MIN(code) AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN MAX(device_id) IS NULL THEN 'hub' ELSE 'device' END AS subject_kind
FROM struck
GROUP BY subject
