-- rule: registration-loop
-- title: Registers over and over within an hour
-- severity: medium
-- subject: device
-- confidence: certain
-- family: loops
-- parameter: count = 5: assigned registrations
-- parameter: minutes = 60: within this span, sliding, ends included
-- restless: yes
-- needs: dps
-- why: Every registration costs the shared limit of the DPS instance, and a loop hides the fault that makes the
--     device start over.
-- causes: The device crashes or is refused after provisioning and begins anew; it asks DPS on every error.
-- fix: Keep the assignment on the device and ask DPS again only when the hub says 401, 403 or 404; then look for what
--     fails after provisioning.
-- not this: A few registrations in an hour; a roll-out in which every device registers once; failures (they have
--     rules of their own).
-- references: DPS, deploy at scale
-- summary: {registration_id} registered up to {most} times within {minutes} minutes; {occurrences} times in all from
--     {first_seen} to {last_seen}
WITH answered AS (
    -- Within a registration a later attempt has a higher number.
    SELECT registration, attempt, time,
        LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) AS ends
    FROM attempts
    WHERE outcome IN ('assigned', 'accepted')
        AND registration IN (SELECT registration FROM registration_totals WHERE answered >= :count AND (:count < 3 OR closest <= :minutes * 60000000))
),
spans AS (
    SELECT answered.*,
        CASE WHEN ends - time <= :minutes * 60000000 THEN 1 ELSE 0 END AS begins
    FROM answered
),
looping AS (
    SELECT spans.*,
        MAX(begins) OVER (
            PARTITION BY registration ORDER BY attempt ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside,
        COUNT(*) OVER (
            PARTITION BY registration ORDER BY time RANGE BETWEEN CURRENT ROW AND :minutes * 60000000 FOLLOWING
        ) AS following
    FROM spans
)
SELECT
    MIN(r.registration_id) AS subject,
    MIN(r.registration_id) AS registration_id,
    MAX(r.device_id) AS device_id,
    MAX(r.enrollment_group) AS enrollment_group,
    MAX(r.dps) AS dps,
    MAX(r.hub) AS hub,
    MIN(r.time) AS first_seen,
    MAX(r.time) AS last_seen,
    COUNT(*) AS occurrences,
    'loop' AS reason,
    CASE WHEN MIN(r.outcome) = 'assigned' THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence) AS evidence_2,
    NULL AS evidence_3,
    MAX(l.following) AS most,
    CASE WHEN MAX(r.hub) IS NULL THEN 'No log and no export says that it was ever given a hub: find out first what happens between attestation and the hub (export the registration list), then why the device starts over.' END AS fix
FROM looping l
JOIN attempts r ON r.attempt = l.attempt
WHERE l.is_inside = 1
GROUP BY r.registration
