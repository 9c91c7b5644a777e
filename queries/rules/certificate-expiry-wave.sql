-- rule: certificate-expiry-wave
-- title: Certificates of a group fail one after another
-- severity: critical
-- subject: enrollment-group
-- confidence: likely
-- family: certificates
-- holds: yes
-- errors: dps 401
-- absence: devices dps; devices hub
-- parameter: devices = 10: devices rejected after earlier success at DPS or a hub
-- parameter: share_percent = 20: of the group's active devices
-- parameter: hours = 6: the failures begin within this span
-- registry: refused-group
-- end: failed
-- needs: dps
-- why: Devices that worked begin to fail together: an issuer or a generation of certificates has run out, and the
--     rest will follow.
-- causes: An intermediate or root certificate has expired or was replaced in DPS; device certificates of one
--     production date run out.
-- fix: Look at the dates of the chain of one failing device; add the new CA as the secondary of the group before the
--     old one ends, and renew the device certificates.
-- not this: Devices that never worked (certificate-rejected); a few failures in a large group; devices that came
--     through since.
-- references: DPS, roll X.509 certificates
-- summary: {occurrences} devices of {subject} are rejected with their certificates after earlier success, beginning
--     within {hours} hours
WITH suspects AS MATERIALIZED (
    -- Most devices were provisioned before the logs begin: that a hub accepted them is a success as well.
    SELECT t.registration AS registration, d.first_connected AS first_connected
    FROM registration_totals t
    LEFT JOIN device_totals d ON d.device = t.device
    WHERE t.unauthorized >= 1 AND (t.answered >= 1 OR d.first_connected IS NOT NULL)
),
latest AS (
    -- A failure that was over long ago says nothing of a wave now.
    SELECT registration, MAX(run) AS run FROM failure_run_classes WHERE failure = 'certificate' GROUP BY registration
),
onsets AS (
    SELECT n.registration AS registration, COALESCE(n.enrollment_group, 'instance ' || n.dps) AS subject,
        MAX(n.enrollment_group) AS enrollment_group, MAX(n.dps) AS dps, MIN(r.first_time) AS onset,
        MAX(r.last_time) AS ends, MAX(r.is_open) AS is_open, MIN(r.evidence) AS evidence
    FROM failure_run_classes r
    JOIN latest l ON l.registration = r.registration AND l.run = r.run
    JOIN registration_totals n ON n.registration = r.registration
    JOIN suspects s ON s.registration = r.registration
    WHERE r.failure = 'certificate' AND (r.run > 0 OR s.first_connected < r.first_time)
    GROUP BY n.registration, COALESCE(n.enrollment_group, 'instance ' || n.dps)
),
waves AS (
    SELECT onsets.*,
        COUNT(*) OVER (
            PARTITION BY subject ORDER BY onset RANGE BETWEEN CURRENT ROW AND :hours * 3600000000 FOLLOWING
        ) AS struck
    FROM onsets
),
sizes AS (
    SELECT COALESCE(enrollment_group, 'instance ' || dps) AS subject, COUNT(*) AS active
    FROM registration_totals
    GROUP BY COALESCE(enrollment_group, 'instance ' || dps)
),
worst AS (
    SELECT w.subject AS subject, MAX(w.struck) AS struck
    FROM waves w
    JOIN sizes s ON s.subject = w.subject
    WHERE w.struck >= :devices AND w.struck * 100 >= s.active * :share_percent
    GROUP BY w.subject
),
crest AS (
    SELECT w.subject AS subject, MIN(w.onset) AS begins
    FROM waves w
    JOIN worst x ON x.subject = w.subject AND x.struck = w.struck
    GROUP BY w.subject
)
SELECT
    o.subject AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    MAX(o.enrollment_group) AS enrollment_group,
    MAX(o.dps) AS dps,
    NULL AS hub,
    -- Those who came through still say when it began.
    MIN(o.onset) AS first_seen,
    MAX(CASE WHEN o.is_open = 1 THEN o.ends END) AS last_seen,
    SUM(o.is_open) AS occurrences,
    'rejected-after-success' AS reason,
    'likely' AS confidence,
    MIN(CASE WHEN o.is_open = 1 THEN o.evidence END) AS evidence,
    MAX(CASE WHEN o.is_open = 1 THEN o.evidence END) AS evidence_2,
    NULL AS evidence_3
FROM onsets o
JOIN crest c ON c.subject = o.subject
WHERE o.onset BETWEEN c.begins AND c.begins + :hours * 3600000000
GROUP BY o.subject
HAVING SUM(o.is_open) >= :devices
