-- rule: hub-internal-errors
-- title: Errors inside a hub strike many devices
-- severity: medium
-- subject: hub
-- confidence: likely
-- family: connections
-- errors: hub 500, 501, 502, 503
-- parameter: devices = 10: different devices within an hour of the clock
-- needs: hub
-- why: The service itself has trouble; nothing on the devices will mend it.
-- causes: An incident in the region; a failover; an upgrade that went wrong.
-- fix: Look at the service health of the region and hold back restarts and roll-outs until it is over.
-- not this: An upgrade of the service (400029, 400030) after which devices come back at once; a single error.
-- references: IoT Hub troubleshooting, 500xxx, 503xxx
-- summary: {hub}: errors inside the service hit {occurrences} devices within an hour
WITH hours AS (
    SELECT hub, time - time % 3600000000 AS hour, COUNT(DISTINCT device_id) AS devices, MIN(time) AS begins, MAX(time) AS ends,
        MIN(code) AS code, MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM unexplained_errors
    WHERE failure = 'server' AND role <> 'identity' AND device_id IS NOT NULL AND hub <> ''
    GROUP BY hub, time - time % 3600000000
    HAVING COUNT(DISTINCT device_id) >= :devices
)
SELECT
    hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    hub AS hub,
    MIN(begins) AS first_seen,
    MAX(ends) AS last_seen,
    MAX(devices) AS occurrences,
    'code-' || MIN(code) AS reason,
    'likely' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM hours
GROUP BY hub
