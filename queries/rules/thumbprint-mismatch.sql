-- rule: thumbprint-mismatch
-- title: The certificate is not the one that the hub holds
-- severity: high
-- subject: device
-- confidence: certain
-- family: credentials
-- holds: yes
-- errors: hub 401
-- absence: between hub
-- watches: refusals count
-- parameter: count = 3, at least 3: refusals with no success after them
-- registry: hub, hub-certificate
-- needs: hub
-- why: The device shows a certificate of which the hub has another thumbprint, and is refused until one of them
--     changes.
-- causes: The certificate was renewed on the device and its new thumbprint not put into the hub.
-- fix: Put the new thumbprint into the hub, or let the device register again at DPS, which does it.
-- not this: Refusals whose message says nothing of a thumbprint (hub-credential-rejected).
-- references: IoT Hub troubleshooting, 401003
-- summary: {hub} refused {device_id} {occurrences} times: the thumbprint of its certificate does not match
--     ({said})
WITH refused AS MATERIALIZED (
    SELECT device, device_id, hub, time, evidence, code,
        SUBSTR(CASE WHEN error_message LIKE '%humbprint%' THEN error_message ELSE result_description END, 1, 160) AS text
    FROM watched_contacts
    WHERE outcome = 'refused' AND explained = 0 AND failure = 'thumbprint'
        AND device IN (SELECT device FROM device_totals WHERE refused >= :count)
),
suspects AS (
    SELECT device, hub FROM refused GROUP BY device, hub HAVING COUNT(*) >= :count
),
worked AS (
    SELECT c.device AS device, c.hub AS hub, MAX(c.time) AS time
    FROM watched_contacts c
    WHERE c.outcome = 'connected' AND c.device IN (SELECT device FROM suspects)
    GROUP BY c.device, c.hub
)
SELECT
    MIN(r.device_id) AS subject,
    NULL AS registration_id,
    MIN(r.device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(r.hub) AS hub,
    MIN(r.time) AS first_seen,
    MAX(r.time) AS last_seen,
    COUNT(*) AS occurrences,
    'thumbprint' AS reason,
    'certain' AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence) AS evidence_2,
    NULL AS evidence_3,
    'code ' || MAX(r.code) || ': ' || MAX(r.text) AS said
FROM refused r
JOIN suspects s ON s.device = r.device AND s.hub = r.hub
LEFT JOIN worked w ON w.device = r.device AND w.hub = r.hub
WHERE w.time IS NULL OR r.time > w.time
GROUP BY r.device
HAVING COUNT(*) >= :count
