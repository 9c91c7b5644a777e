-- rule: slow-provisioning
-- title: Registrations take much longer than elsewhere
-- severity: low
-- subject: enrollment-group
-- confidence: likely
-- family: allocation
-- parameter: times = 3: as long as the others
-- parameter: least_ms = 5000: and more than this
-- parameter: count = 20: registrations, at least, here and elsewhere
-- needs: dps
-- why: A registration that takes long is one that fails when the network is worse, and holds up everything behind it.
-- causes: A webhook for custom allocation that is slow or cold; a region far away; a linked hub that answers slowly.
-- fix: Compare the durations by enrollment group; look at the webhook first where allocation is custom.
-- not this: A slow instance where all groups are as slow; a few slow registrations among many.
-- references: DPS, monitoring data, durationMs
-- summary: the slowest twentieth of the {occurrences} registrations of {subject} takes far longer than that of the
--     others ({reason})
WITH timed AS NOT MATERIALIZED (
    SELECT COALESCE(enrollment_group, dps) AS place, CASE WHEN enrollment_group IS NULL THEN 'dps' ELSE 'enrollment-group' END AS kind,
        enrollment_group, dps, duration_ms
    FROM attempts
    WHERE duration_ms IS NOT NULL AND dps IS NOT NULL
),
suspects AS (
    SELECT place FROM timed WHERE duration_ms > :least_ms
),
near AS MATERIALIZED (
    SELECT place, duration_ms FROM timed WHERE place IN (SELECT place FROM suspects)
),
sizes AS (
    -- Where fewer than a twentieth took that long, the slowest twentieth begins below it.
    SELECT place, COUNT(*) AS of_all
    FROM near
    GROUP BY place
    HAVING COUNT(*) >= :count AND SUM(CASE WHEN duration_ms > :least_ms THEN 0 ELSE 1 END) * 100 < COUNT(*) * 95
),
ranked AS (
    SELECT place, kind, enrollment_group, dps, duration_ms,
        ROW_NUMBER() OVER (PARTITION BY place ORDER BY duration_ms) AS n
    FROM timed
    WHERE place IN (SELECT place FROM sizes)
),
slow AS MATERIALIZED (
    SELECT r.place AS place, r.kind AS kind, r.enrollment_group AS enrollment_group, r.dps AS dps, z.of_all AS of_all, MIN(r.duration_ms) AS duration_ms
    FROM ranked r
    JOIN sizes z ON z.place = r.place
    WHERE r.n * 100 >= z.of_all * 95
    GROUP BY r.place, r.kind, r.enrollment_group, r.dps, z.of_all
    HAVING MIN(duration_ms) > :least_ms
),
lengths AS (
    -- Nothing is counted where no place is slow.
    SELECT t.place AS place, t.duration_ms AS duration_ms, COUNT(*) AS of_these
    FROM (SELECT DISTINCT 1 AS is_any FROM slow) s
    CROSS JOIN timed t
    GROUP BY t.place, t.duration_ms
),
ordered AS MATERIALIZED (
    SELECT place, duration_ms, of_these,
        SUM(of_these) OVER (ORDER BY duration_ms, place ROWS UNBOUNDED PRECEDING) AS up_to
    FROM lengths
),
owned AS (
    SELECT o.place AS place, o.of_these AS of_these, o.up_to AS up_to, a.of_all AS of_all,
        SUM(o.of_these) OVER (PARTITION BY o.place ORDER BY o.duration_ms ROWS UNBOUNDED PRECEDING) AS own_up_to,
        SUM(o.of_these) OVER (PARTITION BY o.place) AS own
    FROM ordered o
    CROSS JOIN (SELECT MAX(up_to) AS of_all FROM ordered) a
    WHERE o.place IN (SELECT place FROM slow)
),
bounds AS (
    -- Where the slowest twentieth of the others begins in the order of all: behind 95 of 100 of them, and behind those of
    -- the place itself that come before.
    SELECT place,
        MAX(of_all - own) * 95 + SUM(CASE WHEN (up_to - own_up_to) * 100 < (of_all - own) * 95 THEN of_these ELSE 0 END) * 100
            AS position
    FROM owned
    WHERE of_all - own >= :count
    GROUP BY place
),
marks AS (
    SELECT place, position, NULL AS duration_ms FROM bounds
    UNION ALL
    -- Some engines take counts for numbers without a sign, and what they have in common with the others for none: a
    -- difference has one.
    SELECT NULL, (up_to - 0) * 100, duration_ms FROM ordered
),
others AS (
    SELECT place, MIN(duration_ms) OVER (ORDER BY position DESC RANGE UNBOUNDED PRECEDING) AS duration_ms
    FROM marks
),
compared AS MATERIALIZED (
    SELECT s.*, o.duration_ms AS others
    FROM slow s
    JOIN others o ON o.place = s.place
    WHERE s.duration_ms >= :times * o.duration_ms
)
SELECT
    c.place AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    MAX(c.enrollment_group) AS enrollment_group,
    MAX(c.dps) AS dps,
    NULL AS hub,
    MIN(t.time) AS first_seen,
    MAX(t.time) AS last_seen,
    MAX(c.of_all) AS occurrences,
    'p95 ' || MAX(c.duration_ms) || ' ms, others ' || MAX(c.others) || ' ms' AS reason,
    'likely' AS confidence,
    MIN(CASE WHEN t.duration_ms = c.duration_ms THEN t.evidence END) AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3,
    MIN(c.kind) AS subject_kind
FROM (SELECT DISTINCT 1 AS is_any FROM compared) s
CROSS JOIN attempts t
CROSS JOIN compared c
WHERE c.place = COALESCE(t.enrollment_group, t.dps) AND t.duration_ms IS NOT NULL AND t.dps IS NOT NULL
GROUP BY c.place
