-- rule: hub-identity-unusable
-- title: The hub does not know the device, or has disabled it
-- severity: medium
-- subject: device
-- confidence: certain
-- family: credentials
-- holds: yes
-- errors: hub 401, 403012, 404001
-- absence: between hub; after hub
-- parameter: count = 3, at least 3: refusals 404001, 403012 or with the message that the device is not there, and no success
--     after them
-- registry: hub
-- needs: hub
-- why: The device knocks and cannot be let in: its identity is gone or switched off.
-- causes: The identity was deleted or disabled by hand or by a clean-up; the device asks a hub that it left.
-- fix: Look whether the identity is in the hub, and whether it is enabled; compare with the changes of identities. If the device
--     is meant to work, enable it, or let it register again at DPS, which makes it anew.
-- not this: The first contact after an assignment (assigned-then-refused); a device that is let in again afterwards.
-- references: IoT Hub troubleshooting, 404001, 403012
-- summary: {hub} turned {device_id} away {occurrences} times ({said})
WITH refused AS MATERIALIZED (
    SELECT t.device AS device, t.device_id AS device_id, t.hub AS hub, t.time AS time, t.code AS code, t.evidence AS evidence,
        CASE WHEN t.failure = 'disabled' THEN 0 ELSE 1 END AS is_missing,
        SUBSTR(CASE WHEN t.error_message <> '' THEN t.error_message WHEN t.result_description <> '' THEN t.result_description ELSE 'refused' END, 1, 160) AS text
    FROM unexplained_errors t
    JOIN refusal_runs r ON r.device = t.device AND r.module = COALESCE(t.module, '')
    WHERE t.is_refusal = 1 AND r.refusals >= :count AND t.time >= r.first_time
        AND t.failure IN ('disabled', 'not-found')
),
after_assignment AS (
    SELECT j.device_id AS device_id, MAX(j.assigned) AS assigned
    FROM journeys j
    WHERE j.journey = 'refused' AND j.device_id IN (SELECT device_id FROM refused)
    GROUP BY j.device_id
),
ordered AS (
    SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.device ORDER BY r.time DESC, r.evidence DESC) AS n
    FROM refused r
    WHERE NOT EXISTS (SELECT 1 FROM after_assignment a WHERE a.device_id = r.device_id AND a.assigned <= r.time)
)
SELECT
    MIN(o.device_id) AS subject,
    MAX(d.registration_id) AS registration_id,
    MIN(o.device_id) AS device_id,
    MAX(d.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(CASE WHEN n = 1 THEN o.hub END) AS hub,
    MIN(o.time) AS first_seen,
    MAX(o.time) AS last_seen,
    COUNT(*) AS occurrences,
    CASE WHEN MIN(o.is_missing) = 1 THEN 'not-registered' WHEN MAX(o.is_missing) = 1 THEN 'disabled-then-removed' ELSE 'disabled' END AS reason,
    'certain' AS confidence,
    MIN(o.evidence) AS evidence,
    MAX(o.evidence) AS evidence_2,
    NULL AS evidence_3,
    'code ' || MAX(CASE WHEN n = 1 THEN o.code END) || ': ' || MAX(CASE WHEN n = 1 THEN o.text END) AS said
FROM ordered o
JOIN device_totals d ON d.device = o.device
GROUP BY o.device
HAVING COUNT(*) >= :count
