-- rule: registers-every-boot
-- title: Registers again although its assignment works
-- severity: low
-- subject: device
-- confidence: certain
-- family: loops
-- parameter: count = 4, at least 2: assigned registrations
-- parameter: hours = 24: within this span, sliding, ends included
-- restless: yes
-- needs: dps, hub
-- why: Devices that provision at every boot spend the limit of the DPS instance and all fail together when DPS is
--     throttled or down.
-- causes: The assignment is not kept on the device; the firmware calls DPS at start-up as a matter of course.
-- fix: Keep the assigned hub and device id on the device, connect with them first, and ask DPS only when the hub says
--     401, 403 or 404.
-- not this: A device that was refused by its hub before it registered again; a few registrations spread over days.
-- references: DPS, deploy at scale
-- summary: {registration_id} registered up to {most} times within {hours} hours although {hub} had accepted it each
--     time; {occurrences} times in all from {first_seen} to {last_seen}
WITH paced AS MATERIALIZED (
    -- Within a registration a later attempt has a higher number.
    SELECT registration, device, time, attempt, journey,
        LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) - time AS span
    FROM journeys
    WHERE registration IN (SELECT registration FROM registration_totals WHERE answered >= :count AND (:count < 3 OR closest <= :hours * 3600000000))
),
asked AS MATERIALIZED (
    -- The first of those that were needless led to a connection.
    SELECT registration, device, time, attempt, journey
    FROM paced
    WHERE registration IN (
        SELECT registration FROM paced WHERE journey = 'connected' AND span <= :hours * 3600000000
    )
),
marks AS (
    -- All of them, so that none has to be looked up again beside its refusals.
    SELECT registration, device, time, attempt, journey, 0 AS is_refusal
    FROM asked
    UNION ALL
    SELECT NULL, device, time, NULL, NULL, 1
    FROM unexplained_errors
    WHERE role = 'refusal' AND device IN (SELECT device FROM asked)
),
refusals AS (
    SELECT registration, device, time, attempt, journey,
        SUM(is_refusal) OVER (PARTITION BY device ORDER BY time RANGE UNBOUNDED PRECEDING) AS up_to,
        SUM(is_refusal) OVER (
            PARTITION BY device ORDER BY time RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before
    FROM marks
),
counted AS (
    SELECT registration, device, time, attempt, journey, up_to, COALESCE(before, 0) AS before
    FROM refusals
    WHERE attempt IS NOT NULL
),
answered AS (
    SELECT counted.*,
        LEAD(device) OVER (PARTITION BY registration ORDER BY attempt) AS next_device,
        LEAD(up_to) OVER (PARTITION BY registration ORDER BY attempt) AS next_up_to,
        LEAD(time, :count - 1) OVER (PARTITION BY registration ORDER BY attempt) - time AS span
    FROM counted
),
judged AS (
    SELECT registration, time, attempt, span,
        CASE WHEN journey = 'connected' AND next_device = device AND next_up_to = before THEN 1 ELSE 0 END AS works
    FROM answered
),
spans AS (
    SELECT judged.*,
        CASE WHEN span <= :hours * 3600000000 AND SUM(works) OVER (
                PARTITION BY registration ORDER BY attempt
                ROWS BETWEEN CURRENT ROW AND :count - 2 FOLLOWING
            ) = :count - 1 THEN 1 ELSE 0 END AS begins
    FROM judged
),
needless AS (
    SELECT registration, time, attempt,
        MAX(begins) OVER (
            PARTITION BY registration ORDER BY attempt ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM spans
),
close AS (
    SELECT needless.*,
        COUNT(*) OVER (
            PARTITION BY registration ORDER BY time RANGE BETWEEN CURRENT ROW AND :hours * 3600000000 FOLLOWING
        ) AS following
    FROM needless
)
SELECT
    MIN(j.registration_id) AS subject,
    MIN(j.registration_id) AS registration_id,
    MAX(j.device_id) AS device_id,
    MAX(j.enrollment_group) AS enrollment_group,
    MAX(j.dps) AS dps,
    MAX(j.hub) AS hub,
    MIN(j.time) AS first_seen,
    MAX(j.time) AS last_seen,
    COUNT(*) AS occurrences,
    'assignment-still-worked' AS reason,
    CASE WHEN MIN(j.outcome) = 'assigned' THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(j.evidence) AS evidence,
    MAX(j.evidence) AS evidence_2,
    NULL AS evidence_3,
    MAX(n.following) AS most
FROM close n
JOIN journeys j ON j.attempt = n.attempt
WHERE n.is_inside = 1
GROUP BY j.registration
