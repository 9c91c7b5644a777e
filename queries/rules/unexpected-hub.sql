-- rule: unexpected-hub
-- title: Assigned to a hub that its enrollment does not name
-- severity: high
-- subject: device
-- confidence: certain
-- family: allocation
-- holds: yes
-- parameter: count = 1: assignments
-- registry: hub, other-hub, allocation
-- needs: dps
-- why: The device is in a hub where it is not meant to be: another region, another tenant, another set of rules.
-- causes: The enrollment was changed after the export; a webhook for custom allocation answers with another hub; an
--     older assignment was kept.
-- fix: Compare the enrollment, its group and the webhook; then let the device register again.
-- not this: Assignments before the enrollment was last changed; enrollments that name no hubs.
-- references: DPS, allocation policies
-- summary: {registration_id} was assigned to {hub}, which its enrollment does not name
WITH latest AS (
    SELECT kind, enrollment, enrollment_key, hubs, updated, evidence,
        ROW_NUMBER() OVER (PARTITION BY kind, enrollment_key ORDER BY updated DESC, evidence) AS n
    FROM enrollments
),
named AS (
    SELECT * FROM latest WHERE n = 1 AND hubs IS NOT NULL
)
SELECT
    MIN(a.registration_id) AS subject,
    MIN(a.registration_id) AS registration_id,
    MAX(a.device_id) AS device_id,
    MAX(a.enrollment_group) AS enrollment_group,
    MAX(a.dps) AS dps,
    MAX(a.hub) AS hub,
    MIN(a.time) AS first_seen,
    MAX(a.time) AS last_seen,
    COUNT(*) AS occurrences,
    'not in ' || MIN(SUBSTR(e.hubs, 2, LENGTH(e.hubs) - 2)) AS reason,
    'certain' AS confidence,
    MIN(a.evidence) AS evidence,
    MAX(e.evidence) AS evidence_2,
    NULL AS evidence_3
FROM attempts a
JOIN named e ON e.kind = 'individual' AND e.enrollment_key = a.registration_key
    OR e.kind = 'group' AND e.enrollment = a.enrollment_group
WHERE a.outcome = 'assigned' AND a.basis = 'logged' AND a.time >= COALESCE(e.updated, 0)
    AND e.hubs NOT LIKE '%,' || a.hub || ',%'
    AND NOT (e.kind = 'group' AND a.registration_key IN (SELECT enrollment_key FROM named WHERE kind = 'individual'))
GROUP BY a.registration
HAVING COUNT(*) >= :count
