-- rule: registers-every-boot
-- title: Registers again although its assignment works
-- severity: low
-- subject: device
-- confidence: certain
-- parameter: count = 4: assigned registrations
-- parameter: hours = 24: within this span, sliding, ends included
-- needs: dps, hub
-- why: Devices that provision at every boot spend the limit of the DPS instance and all fail together when DPS is
--     throttled or down.
-- causes: The assignment is not kept on the device; the firmware calls DPS at start-up as a matter of course.
-- fix: Keep the assigned hub and device id on the device, connect with them first, and ask DPS only when the hub says
--     401, 403 or 404.
-- not this: A device that was refused by its hub before it registered again; a few registrations spread over days.
-- references: contracts; DPS, deploy at scale
-- summary: {registration_id} registered {occurrences} times in spans of {hours} hours although {hub} had accepted it
--     each time
WITH answered AS (
    SELECT j.registration_key, j.registration_id, j.device_id, j.enrollment_group, j.dps, j.hub, j.outcome, j.time,
        j.evidence, j.attempt, j.journey, j.contact_time,
        ROW_NUMBER() OVER (PARTITION BY j.registration_key ORDER BY j.time, j.attempt) AS n,
        LEAD(j.time) OVER (PARTITION BY j.registration_key ORDER BY j.time, j.attempt) AS next_time
    FROM journeys j
),
refusals AS (
    SELECT device_id, time FROM troubles WHERE role = 'refusal'
),
refused AS (
    SELECT DISTINCT a.registration_key, a.n
    FROM refusals t
    JOIN answered a ON a.device_id = t.device_id
    WHERE t.time >= a.time AND t.time <= a.next_time
),
judged AS (
    SELECT a.*, CASE WHEN a.journey = 'connected' AND r.n IS NULL THEN 1 ELSE 0 END AS works
    FROM answered a
    LEFT JOIN refused r ON r.registration_key = a.registration_key AND r.n = a.n
),
counted AS (
    SELECT judged.*,
        SUM(works) OVER (PARTITION BY registration_key ORDER BY n ROWS UNBOUNDED PRECEDING) - works AS worked_before
    FROM judged
),
spans AS (
    SELECT a.registration_key, a.n AS first_n, b.n AS last_n
    FROM counted a
    JOIN counted b ON b.registration_key = a.registration_key AND b.n = a.n + :count - 1
    WHERE b.time - a.time <= :hours * 3600000000 AND b.worked_before - a.worked_before = :count - 1
),
needless AS (
    SELECT DISTINCT r.registration_key, r.registration_id, r.device_id, r.enrollment_group, r.dps, r.hub, r.outcome,
        r.time, r.evidence, r.n
    FROM spans s
    JOIN counted r ON r.registration_key = s.registration_key AND r.n BETWEEN s.first_n AND s.last_n
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
    'assignment-still-worked' AS reason,
    CASE WHEN MIN(outcome) = 'assigned' THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3
FROM needless
GROUP BY registration_key
