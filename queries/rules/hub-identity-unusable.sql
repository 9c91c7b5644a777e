-- rule: hub-identity-unusable
-- title: The hub does not know the device, or has disabled it
-- severity: medium
-- subject: device
-- confidence: certain
-- family: credentials
-- holds: yes
-- parameter: count = 3, at least 3: refusals 404001 or 403012 with no success after them
-- needs: hub
-- why: The device knocks and cannot be let in: its identity is gone or switched off.
-- causes: The identity was deleted or disabled by hand or by a clean-up; the device asks a hub that it left.
-- fix: Compare with the changes of identities; enable it, or let it register again at DPS.
-- not this: The first contact after an assignment (assigned-then-refused); a device that is let in again afterwards.
-- references: catalogue of checks, connections; IoT Hub troubleshooting, 404001, 403012
-- summary: {hub} turned {device_id} away {occurrences} times ({reason})
WITH refused AS MATERIALIZED (
    SELECT device, device_id, hub, time, code, evidence
    FROM watched_contacts
    WHERE outcome = 'refused' AND explained = 0 AND (code = 404001 OR code = 403012)
),
suspects AS (
    SELECT device, hub FROM refused GROUP BY device, hub HAVING COUNT(*) >= :count
),
after_assignment AS (
    SELECT j.device_id, MAX(j.assigned) AS assigned
    FROM journeys j
    WHERE j.journey = 'refused' AND (j.contact_code = 404001 OR j.contact_code = 403012)
    GROUP BY j.device_id
),
worked AS (
    SELECT c.device, c.hub, MAX(c.time) AS time
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
    CASE WHEN MIN(r.code) = 404001 THEN 'not-registered' WHEN MAX(r.code) = 404001 THEN 'disabled-then-removed' ELSE 'disabled' END AS reason,
    'certain' AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence) AS evidence_2,
    NULL AS evidence_3
FROM refused r
JOIN suspects s ON s.device = r.device AND s.hub = r.hub
LEFT JOIN worked w ON w.device = r.device AND w.hub = r.hub
WHERE (w.time IS NULL OR r.time > w.time)
    AND NOT EXISTS (SELECT 1 FROM after_assignment a WHERE a.device_id = r.device_id AND a.assigned <= r.time)
GROUP BY r.device
HAVING COUNT(*) >= :count
