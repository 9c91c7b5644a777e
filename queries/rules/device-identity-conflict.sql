-- rule: device-identity-conflict
-- title: Two devices use one identity
-- severity: high
-- subject: device
-- confidence: likely
-- family: identities
-- errors: hub 400027, 409002
-- absence: count hub
-- watches: takeovers count within minutes
-- parameter: count = 3, at least 3: take-overs (400027, 409002)
-- parameter: minutes = 60, at most 1440: within this span, sliding, ends included
-- end: elsewhere
-- restless: yes
-- needs: hub
-- why: Two devices push each other out of one identity: the data of both is mixed, and one may not be yours.
-- causes: A cloned image, a serial number given twice, a stolen credential.
-- fix: Find both by their networks and SDKs, give each an identity of its own, and rotate the credential.
-- not this: One take-over by the same device that reconnects before the hub noticed; 409002 as the echo of a lost
--     connection.
-- references: IoT Hub troubleshooting, 400027, 409002
-- summary: {device_id} was taken over {occurrences} times at {hub} by another address or SDK
WITH takeovers AS MATERIALIZED (
    SELECT device, COALESCE(module, '') AS module, hub, time, evidence
    FROM unexplained_errors
    WHERE role = 'takeover' AND device IS NOT NULL
),
suspects AS MATERIALIZED (
    SELECT device FROM takeovers GROUP BY device HAVING COUNT(*) >= :count
),
spans AS MATERIALIZED (
    SELECT device, module, hub, time, evidence,
        ROW_NUMBER() OVER (PARTITION BY device, module, hub ORDER BY time, evidence) AS n,
        LEAD(time, :count - 1) OVER (PARTITION BY device, module, hub ORDER BY time, evidence) AS ends
    FROM takeovers
    WHERE device IN (SELECT device FROM suspects)
),
connects AS MATERIALIZED (
    SELECT device, COALESCE(module, '') AS module, hub, time, network_number AS network, sdk_number AS sdk
    FROM watched_contacts
    WHERE outcome = 'connected' AND device IN (SELECT device FROM suspects)
),
networks AS (
    SELECT device, module, hub, time, network,
        LAG(network) OVER (PARTITION BY device, module, hub ORDER BY time) AS before,
        LAG(time) OVER (PARTITION BY device, module, hub ORDER BY time) AS since
    FROM connects
    WHERE network IS NOT NULL
),
sdks AS (
    SELECT device, module, hub, time, sdk,
        LAG(sdk) OVER (PARTITION BY device, module, hub ORDER BY time) AS before,
        LAG(time) OVER (PARTITION BY device, module, hub ORDER BY time) AS since
    FROM connects
    WHERE sdk IS NOT NULL
),
marks AS (
    -- Two minutes around the take-overs belong to them.
    SELECT device, module, hub, n, time, evidence, ends, time - 120000000 AS since, NULL AS changed FROM spans
    UNION ALL
    SELECT device, module, hub, 0, NULL, NULL, NULL, since, time FROM networks WHERE network <> before
    UNION ALL
    SELECT device, module, hub, 0, NULL, NULL, NULL, since, time FROM sdks WHERE sdk <> before
),
parties AS (
    -- When two connects that follow each other first came from two places, of those behind this moment.
    SELECT device, module, hub, n, time, evidence, ends,
        MIN(changed) OVER (PARTITION BY device, module, hub ORDER BY since DESC RANGE UNBOUNDED PRECEDING) AS changed
    FROM marks
),
struck AS (
    SELECT device, hub, time, evidence,
        MAX(CASE WHEN ends - time <= :minutes * 60000000 AND changed <= ends + 120000000 THEN 1 ELSE 0 END) OVER (
            PARTITION BY device, module, hub ORDER BY n ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM parties
    WHERE n > 0
)
SELECT
    MIN(d.device_id) AS subject,
    NULL AS registration_id,
    MIN(d.device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(s.hub) AS hub,
    MIN(s.time) AS first_seen,
    MAX(s.time) AS last_seen,
    COUNT(*) AS occurrences,
    'taken-over' AS reason,
    'likely' AS confidence,
    MIN(s.evidence) AS evidence,
    MAX(s.evidence) AS evidence_2,
    NULL AS evidence_3
FROM struck s
JOIN device_totals d ON d.device = s.device
WHERE s.is_inside = 1
GROUP BY s.device
