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
WITH refused AS MATERIALIZED (
    SELECT c.device AS device, c.device_id AS device_id, COALESCE(c.hub, '') AS hub, c.refusals AS refusals, c.first_time AS first_time, c.last_time AS last_time, c.code AS code, c.least_code AS least_code, c.evidence AS evidence,
        c.evidence_2 AS evidence_2, SUBSTR(COALESCE(c.text, 'refused'), 1, 160) AS text
    FROM refusal_run_classes c
    JOIN refusal_runs r ON r.device = c.device AND r.module = c.module
    JOIN device_totals d ON d.device = c.device
    LEFT JOIN registration_totals t ON t.registration = d.registration
    WHERE c.failure IN ('credential', 'thumbprint') AND r.refusals >= :count
        AND r.last_time - r.first_time >= :minutes * 60000000
        AND (r.first_connected < r.first_time OR t.first_answered <= r.first_time - 600000000)
),
ordered AS (
    SELECT refused.*, ROW_NUMBER() OVER (PARTITION BY device ORDER BY last_time DESC, evidence_2 DESC) AS n
    FROM refused
)
SELECT
    MIN(o.device_id) AS subject,
    MAX(d.registration_id) AS registration_id,
    MIN(o.device_id) AS device_id,
    MAX(d.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(CASE WHEN n = 1 THEN o.hub END) AS hub,
    MIN(o.first_time) AS first_seen,
    MAX(o.last_time) AS last_seen,
    SUM(o.refusals) AS occurrences,
    'code-' || MIN(o.least_code) AS reason,
    'certain' AS confidence,
    MIN(o.evidence) AS evidence,
    MAX(o.evidence_2) AS evidence_2,
    NULL AS evidence_3,
    'code ' || MAX(CASE WHEN n = 1 THEN o.code END) || ': ' || MAX(CASE WHEN n = 1 THEN o.text END) AS said
FROM ordered o
JOIN device_totals d ON d.device = o.device
GROUP BY o.device
HAVING SUM(o.refusals) >= :count AND MAX(o.last_time) - MIN(o.first_time) >= :minutes * 60000000
