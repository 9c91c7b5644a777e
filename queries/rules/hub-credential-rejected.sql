-- rule: hub-credential-rejected
-- title: The hub rejects a credential that used to work
-- severity: high
-- subject: device
-- confidence: certain
-- family: credentials
-- errors: hub 401
-- absence: between hub; after hub
-- parameter: count = 3, at least 3: refusals 401xxx
-- parameter: minutes = 30: from the first to the last, at least
-- registry: hub, hub-certificate
-- end: refused
-- needs: hub
-- why: A device that worked is turned away for good: its credential or its clock went wrong.
-- causes: The key was rotated or the token expired and is not renewed; the certificate was renewed but its thumbprint
--     not; the device clock has drifted by more than five minutes.
-- fix: Read the hub's message, compare key or thumbprint, and look at the device clock; registering again at DPS
--     repairs a stale thumbprint.
-- not this: The refusal that comes with the renewal of a token; a device that neither DPS let in before nor a hub accepted
--     (assigned-then-refused, hub-refused); a hub that says that the device or the hub itself is not there; refusals that a
--     success followed.
-- references: IoT Hub troubleshooting, 401003
-- summary: {hub} refused {device_id} {occurrences} times after earlier health ({said})
WITH runs AS MATERIALIZED (
    SELECT r.device AS device, r.module AS module, r.first_time AS first_time
    FROM refusal_runs r
    JOIN device_totals d ON d.device = r.device
    LEFT JOIN registration_totals t ON t.registration = d.registration
    WHERE r.refusals >= :count AND r.last_time - r.first_time >= :minutes * 60000000
        AND (r.first_connected < r.first_time OR t.first_answered <= r.first_time - 600000000)
),
refused AS MATERIALIZED (
    SELECT t.device AS device, t.device_id AS device_id, COALESCE(t.module, '') AS module, t.hub AS hub, t.time AS time, t.code AS code, t.copies AS copies, t.evidence AS evidence,
        SUBSTR(CASE WHEN t.error_message <> '' THEN t.error_message WHEN t.result_description <> '' THEN t.result_description ELSE 'refused' END, 1, 160) AS text
    FROM unexplained_errors t
    WHERE t.is_refusal = 1 AND t.code BETWEEN 401000 AND 401999 AND t.code <> 401001
        AND t.device IN (SELECT device FROM runs)
        AND COALESCE(t.error_message, '') NOT LIKE '%does not contain the specified device%'
        AND COALESCE(t.result_description, '') NOT LIKE '%does not contain the specified device%'
),
ordered AS (
    SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.device ORDER BY f.time DESC, f.evidence DESC) AS n
    FROM refused f
    JOIN runs r ON r.device = f.device AND r.module = f.module AND f.time >= r.first_time
)
SELECT
    MIN(o.device_id) AS subject,
    MAX(d.registration_id) AS registration_id,
    MIN(o.device_id) AS device_id,
    MAX(d.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(CASE WHEN n = 1 THEN o.hub END) AS hub,
    MIN(o.time) AS first_seen,
    MAX(o.time) AS last_seen,
    SUM(o.copies) AS occurrences,
    'code-' || MIN(o.code) AS reason,
    'certain' AS confidence,
    MIN(o.evidence) AS evidence,
    MAX(o.evidence) AS evidence_2,
    NULL AS evidence_3,
    'code ' || MAX(CASE WHEN n = 1 THEN o.code END) || ': ' || MAX(CASE WHEN n = 1 THEN o.text END) AS said
FROM ordered o
JOIN device_totals d ON d.device = o.device
GROUP BY o.device
HAVING SUM(o.copies) >= :count AND MAX(o.time) - MIN(o.time) >= :minutes * 60000000
