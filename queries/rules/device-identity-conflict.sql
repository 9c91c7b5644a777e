-- rule: device-identity-conflict
-- title: Two devices use one identity
-- severity: high
-- subject: device
-- confidence: likely
-- family: identities
-- errors: hub 400027, 409002
-- absence: count hub
-- parameter: count = 3, at least 3: take-overs (400027, 409002)
-- parameter: minutes = 60, at most 1440: within this span, sliding, ends included
-- needs: hub
-- why: Two devices push each other out of one identity: the data of both is mixed, and one may not be yours.
-- causes: A cloned image, a serial number given twice, a stolen credential.
-- fix: Find both by their networks and SDKs, give each an identity of its own, and rotate the credential.
-- not this: One take-over by the same device that reconnects before the hub noticed; 409002 as the echo of a lost
--     connection.
-- references: contracts; IoT Hub troubleshooting, 400027, 409002
-- summary: {device_id} was taken over {occurrences} times at {hub} by another address or SDK
WITH takeovers AS (
    SELECT device_id, COALESCE(module, '') AS module, hub, time, network, sdk, evidence,
        ROW_NUMBER() OVER (PARTITION BY device_id, COALESCE(module, ''), hub ORDER BY time, evidence) AS n
    FROM unexplained_errors
    WHERE role = 'takeover'
),
spans AS (
    SELECT a.device_id, a.module, a.hub, a.time AS begins, b.time AS ends, a.n AS first_n, b.n AS last_n
    FROM takeovers a
    JOIN takeovers b ON b.device_id = a.device_id AND b.module = a.module AND b.hub = a.hub AND b.n = a.n + :count - 1
    WHERE b.time - a.time <= :minutes * 60000000
),
parties AS (
    SELECT s.device_id, s.module, s.hub, s.first_n, s.last_n,
        COUNT(DISTINCT c.network) AS networks, COUNT(DISTINCT c.sdk) AS sdks
    FROM spans s
    JOIN watched_contacts c ON c.device_id = s.device_id AND COALESCE(c.module, '') = s.module AND c.hub = s.hub AND c.outcome = 'connected'
        AND c.time BETWEEN s.begins - 120000000 AND s.ends + 120000000
    GROUP BY s.device_id, s.module, s.hub, s.first_n, s.last_n
    HAVING COUNT(DISTINCT c.network) > 1 OR COUNT(DISTINCT c.sdk) > 1
),
struck AS (
    SELECT DISTINCT t.device_id, t.module, t.hub, t.time, t.evidence, t.n
    FROM parties p
    JOIN takeovers t ON t.device_id = p.device_id AND t.module = p.module AND t.hub = p.hub AND t.n BETWEEN p.first_n AND p.last_n
)
SELECT
    device_id AS subject,
    NULL AS registration_id,
    device_id AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(hub) AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    'taken-over' AS reason,
    'likely' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3
FROM struck
GROUP BY device_id
