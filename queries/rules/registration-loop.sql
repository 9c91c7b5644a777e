-- rule: registration-loop
-- title: Registers over and over within an hour
-- severity: medium
-- subject: device
-- confidence: certain
-- parameter: count = 5: assigned registrations
-- parameter: minutes = 60: within this span, sliding, ends included
-- needs: dps
-- why: Every registration costs the shared limit of the DPS instance, and a loop hides the fault that makes the
--     device start over.
-- causes: The device crashes or is refused after provisioning and begins anew; it asks DPS on every error.
-- fix: Keep the assignment on the device and ask DPS again only when the hub says 401, 403 or 404; then look for what
--     fails after provisioning.
-- not this: A few registrations in an hour; a roll-out in which every device registers once; failures (they have
--     rules of their own).
-- references: contracts; DPS, deploy at scale; azure-docs, do not re-provision on every reboot
-- summary: {registration_id} registered {occurrences} times in spans of {minutes} minutes
WITH answered AS (
    SELECT registration_key, registration_id, device_id, enrollment_group, dps, hub, outcome, time, evidence,
        ROW_NUMBER() OVER (PARTITION BY registration_key ORDER BY time, attempt) AS n
    FROM registrations
    WHERE outcome IN ('assigned', 'accepted')
),
spans AS (
    SELECT a.registration_key, a.n AS first_n, b.n AS last_n
    FROM answered a
    JOIN answered b ON b.registration_key = a.registration_key AND b.n = a.n + :count - 1
    WHERE b.time - a.time <= :minutes * 60000000
),
looping AS (
    SELECT DISTINCT r.registration_key, r.registration_id, r.device_id, r.enrollment_group, r.dps, r.hub, r.outcome,
        r.time, r.evidence, r.n
    FROM spans s
    JOIN answered r ON r.registration_key = s.registration_key AND r.n BETWEEN s.first_n AND s.last_n
)
SELECT
    MIN(registration_id) AS subject,
    MIN(registration_id) AS registration_id,
    MAX(device_id) AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    MAX(hub) AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    'loop' AS reason,
    CASE WHEN MIN(outcome) = 'assigned' THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3
FROM looping
GROUP BY registration_key
