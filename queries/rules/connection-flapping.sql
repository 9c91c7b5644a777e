-- rule: connection-flapping
-- title: Connects over and over
-- severity: medium
-- subject: device
-- confidence: certain
-- family: connections
-- absence: count hub
-- watches: connects count within minutes
-- parameter: count = 10, at least 8: connects
-- parameter: minutes = 60, at most 60: within this span, sliding, ends included
-- restless: yes
-- needs: hub
-- why: The connection does not hold: data is late or lost, and the hub counts every new connection.
-- causes: A weak network, power that fails, a keep-alive that is longer than the network allows, two devices with one
--     identity.
-- fix: Look at the times between the connects; mend the network or power, shorten the keep-alive, and look for a
--     second device.
-- not this: The reconnect of a token renewal, about once an hour; modules of one device that each renew theirs.
-- references: IoT Hub troubleshooting, 404104
-- summary: {device_id} connected up to {most} times within {minutes} minutes at {hub}; {occurrences} times in all
--     from {first_seen} to {last_seen}
WITH connects AS (
    SELECT device, module, hub, time, copies, evidence,
        SUM(copies) OVER (
            PARTITION BY device, module, hub ORDER BY time RANGE BETWEEN CURRENT ROW AND :minutes * 60000000 FOLLOWING
        ) AS following
    FROM watched_contacts
    WHERE outcome = 'connected' AND device IN (SELECT device FROM device_totals WHERE connected >= :count)
),
flapping AS (
    -- The latest connect at or before this one from which on there are enough of them.
    SELECT device, hub, time, copies, evidence, following,
        MAX(CASE WHEN following >= :count THEN time END) OVER (
            PARTITION BY device, module, hub ORDER BY time RANGE UNBOUNDED PRECEDING
        ) AS begins
    FROM connects
)
SELECT
    MIN(d.device_id) AS subject,
    NULL AS registration_id,
    MIN(d.device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(f.hub) AS hub,
    MIN(f.time) AS first_seen,
    MAX(f.time) AS last_seen,
    SUM(f.copies) AS occurrences,
    'flapping' AS reason,
    'certain' AS confidence,
    MIN(f.evidence) AS evidence,
    MAX(f.evidence) AS evidence_2,
    NULL AS evidence_3,
    MAX(f.following) AS most
FROM flapping f
JOIN device_totals d ON d.device = f.device
WHERE f.time - f.begins <= :minutes * 60000000
GROUP BY f.device
