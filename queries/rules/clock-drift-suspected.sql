-- rule: clock-drift-suspected
-- title: A device that worked is refused ever since: its clock may be wrong
-- severity: medium
-- subject: device
-- confidence: possible
-- family: credentials
-- holds: yes
-- errors: hub 401003
-- absence: between hub
-- watches: refusals count
-- parameter: count = 3, at least 3: refusals 401003 with no success after them
-- parameter: hours = 2: from the first to the last of them
-- parameter: healthy_hours = 24: of health before
-- parameter: alone = 9: devices at most that are refused from the same hour on
-- needs: hub
-- why: A token whose times are more than five minutes off is refused; a device without a right clock never comes back
--     by itself.
-- causes: No time server, a battery that is empty, a clock that drifts over weeks.
-- fix: Read the clock of the device; let it ask a time server, or start it anew.
-- not this: Many devices that are refused from the same hour on: there something was changed for all of them; devices
--     with certificates.
-- references: IoT Hub troubleshooting, 401003
-- summary: {hub} refuses {device_id} ever since ({occurrences} times) after long health
WITH refused AS MATERIALIZED (
    SELECT device, time FROM unexplained_errors WHERE role = 'refusal' AND code = 401003 AND device IS NOT NULL
),
suspects AS (
    SELECT r.device AS device
    FROM refused r
    JOIN device_totals d ON d.device = r.device AND d.connected > 0
    GROUP BY r.device
    HAVING COUNT(*) >= :count AND MAX(r.time) - MIN(r.time) >= :hours * 3600000000
),
judged AS (
    SELECT c.device AS device, c.device_id AS device_id, c.hub AS hub, c.time AS time, c.outcome AS outcome, c.code AS code, c.explained AS explained, c.auth_type AS auth_type, c.evidence AS evidence
    FROM watched_contacts c
    WHERE c.device IN (SELECT device FROM suspects)
),
worked AS (
    SELECT device, hub, MIN(time) AS first_time, MAX(time) AS last_time
    FROM judged
    WHERE outcome = 'connected'
    GROUP BY device, hub
    HAVING MAX(time) - MIN(time) >= :healthy_hours * 3600000000
),
lost AS (
    SELECT j.device AS device, MIN(j.device_id) AS device_id, j.hub AS hub, COUNT(*) AS refusals, MIN(j.time) AS begins, MAX(j.time) AS ends,
        MIN(j.evidence) AS evidence, MAX(j.evidence) AS evidence_2
    FROM judged j
    JOIN worked w ON w.device = j.device AND w.hub = j.hub AND j.time > w.last_time
    WHERE j.outcome = 'refused' AND j.explained = 0
    GROUP BY j.device, j.hub
    HAVING COUNT(*) >= :count AND MAX(j.time) - MIN(j.time) >= :hours * 3600000000
        AND MIN(j.code) = 401003 AND MAX(j.code) = 401003
        AND MAX(CASE WHEN j.auth_type LIKE '%509%' OR j.auth_type LIKE '%ertificate%' THEN 1 ELSE 0 END) = 0
),
together AS (
    SELECT hub, begins - begins % 3600000000 AS hour, COUNT(*) AS devices FROM lost GROUP BY hub, begins - begins % 3600000000
)
SELECT
    MIN(l.device_id) AS subject,
    NULL AS registration_id,
    MIN(l.device_id) AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(l.hub) AS hub,
    MIN(l.begins) AS first_seen,
    MAX(l.ends) AS last_seen,
    SUM(l.refusals) AS occurrences,
    'only-401003-since' AS reason,
    'possible' AS confidence,
    MIN(l.evidence) AS evidence,
    MAX(l.evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM lost l
JOIN together t ON t.hub = l.hub AND t.hour = l.begins - l.begins % 3600000000
WHERE t.devices <= :alone
GROUP BY l.device
