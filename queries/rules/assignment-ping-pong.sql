-- rule: assignment-ping-pong
-- title: The assigned hub changes to and fro
-- severity: medium
-- subject: device
-- confidence: certain
-- family: allocation
-- parameter: changes = 2: of the assigned hub
-- parameter: hours = 24: sliding, ends included
-- needs: dps
-- why: Each change of the hub loses twin and state or moves them, and all that watch the device lose sight of it.
-- causes: An allocation by latency or weight together with a registration on each boot; a webhook that answers
--     differently each time.
-- fix: Use a static or sticky allocation, or keep the assignment on the device and register only when the hub refuses
--     it.
-- not this: A device that was moved once.
-- references: DPS, reprovisioning
-- summary: {registration_id} was given another hub {occurrences} times within {hours} hours
WITH assigned AS (
    SELECT registration, hub, time, attempt,
        LAG(hub) OVER (PARTITION BY registration ORDER BY time, attempt) AS hub_before
    FROM attempts
    WHERE outcome = 'assigned' AND basis = 'logged' AND hub IS NOT NULL
        AND registration IN (SELECT registration FROM registration_totals WHERE hub_moves >= :changes)
),
moves AS (
    SELECT registration, time, attempt, ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time, attempt) AS n
    FROM assigned
    WHERE hub_before <> hub
),
spans AS (
    SELECT moves.*,
        CASE WHEN LEAD(time, :changes - 1) OVER (PARTITION BY registration ORDER BY n) - time <= :hours * 3600000000
            THEN 1 ELSE 0 END AS begins
    FROM moves
),
struck AS (
    SELECT attempt,
        MAX(begins) OVER (
            PARTITION BY registration ORDER BY n ROWS BETWEEN :changes - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM spans
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
    'hub-changes' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3
FROM struck s
JOIN attempts r ON r.attempt = s.attempt
WHERE s.is_inside = 1
GROUP BY r.registration
