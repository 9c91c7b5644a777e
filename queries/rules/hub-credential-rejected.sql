-- rule: hub-credential-rejected
-- title: The hub rejects a credential that used to work
-- severity: high
-- subject: device
-- confidence: certain
-- family: credentials
-- parameter: count = 3, at least 3: refusals 401xxx
-- parameter: minutes = 30: from the first to the last, at least
-- needs: hub
-- why: A device that worked is turned away for good: its credential or its clock went wrong.
-- causes: The key was rotated or the token expired and is not renewed; the certificate was renewed but its thumbprint
--     not; the device clock has drifted by more than five minutes.
-- fix: Read the hub's message, compare key or thumbprint, and look at the device clock; registering again at DPS
--     repairs a stale thumbprint.
-- not this: The refusal that comes with the renewal of a token; a device that never worked (assigned-then-refused).
-- references: contracts; IoT Hub troubleshooting, 401003
-- summary: {hub} refused {device_id} {occurrences} times after earlier health ({reason})
WITH refused AS MATERIALIZED (
    SELECT device FROM troubles WHERE role = 'refusal' AND code BETWEEN 401000 AND 401999 AND device IS NOT NULL
),
suspects AS (
    SELECT r.device
    FROM refused r
    JOIN device_totals d ON d.device = r.device AND d.connected > 0
    GROUP BY r.device
    HAVING COUNT(*) >= :count
),
judged AS (
    SELECT c.device, c.device_id, c.hub, c.time, c.code, c.evidence,
        CASE WHEN c.outcome = 'refused' AND c.explained = 0 AND c.code BETWEEN 401000 AND 401999 THEN 1 ELSE 0 END
            AS is_refusal,
        SUM(CASE WHEN c.outcome = 'connected' THEN 1 ELSE 0 END) OVER (
            PARTITION BY c.device, c.hub ORDER BY c.time, c.outcome DESC ROWS UNBOUNDED PRECEDING
        ) AS successes_before
    FROM watched_contacts c
    WHERE c.device IN (SELECT device FROM suspects)
),
runs AS (
    SELECT device, MIN(device_id) AS device_id, hub, successes_before, COUNT(*) AS refusals, MIN(time) AS first_seen, MAX(time) AS last_seen,
        MIN(code) AS code, MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM judged
    WHERE is_refusal = 1 AND successes_before > 0
    GROUP BY device, hub, successes_before
    HAVING COUNT(*) >= :count AND MAX(time) - MIN(time) >= :minutes * 60000000
)
SELECT
    MIN(device_id) AS subject,
    NULL AS registration_id,
    MIN(device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(hub) AS hub,
    MIN(first_seen) AS first_seen,
    MAX(last_seen) AS last_seen,
    SUM(refusals) AS occurrences,
    'code-' || MIN(code) AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM runs
GROUP BY device
