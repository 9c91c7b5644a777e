-- rule: hub-quota-exceeded
-- title: The daily quota of a hub is used up
-- severity: high
-- subject: hub
-- confidence: certain
-- family: throttling
-- errors: hub 403002
-- parameter: count = 1: answers 403002
-- end: refused
-- needs: hub
-- why: The hub takes no message of any device until midnight UTC.
-- causes: More messages than the units carry; one device or a new firmware that sends far more than others.
-- fix: Add units or send less; find the devices that send most. The quota begins anew at 00:00 UTC.
-- not this: Throttling (429), which is over within seconds.
-- references: IoT Hub, quotas and throttling, 403002
-- summary: {hub} turned messages away {occurrences} times because its daily quota was used up
SELECT
    hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    hub AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    'code-403002' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3
FROM unexplained_errors
WHERE role = 'quota' AND hub <> ''
GROUP BY hub
HAVING COUNT(*) >= :count
