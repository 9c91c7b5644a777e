-- rule: allocation-skew
-- title: New devices are not spread as meant
-- severity: medium
-- subject: hub
-- confidence: likely
-- family: allocation
-- parameter: points = 20: of a hundred, off its weight by more than this
-- parameter: count = 50: new assignments of the instance, at least
-- needs: dps
-- why: One hub fills up while another stays empty: its quota is used up first, and the plan for the fleet does not
--     hold.
-- causes: Weights that were changed without registering again; enrollments that name hubs themselves; a hub that DPS
--     cannot use.
-- fix: Compare the weights of the linked hubs with the enrollments; look for failures of one hub
--     (linked-hub-unusable).
-- not this: Without an export of the instance, a group of which neither the log nor an export says that it is evenly weighted; few
--     assignments; assignments of devices that had a hub before; policies other than evenly weighted
--     distribution (hashed).
-- references: DPS, allocation policies
-- summary: {hub} got {occurrences} of the new devices of {dps} ({reason})
WITH shares AS (
    SELECT dps, hub, COALESCE(MAX(weight), 1) AS weight, MIN(evidence) AS evidence
    FROM linked_hubs
    WHERE applies = 1 AND policy = 'hashed'
    GROUP BY dps, hub
),
wholes AS (
    SELECT dps, SUM(weight) AS weight, COUNT(*) AS hubs FROM shares GROUP BY dps
),
assigned AS MATERIALIZED (
    -- From the instances of which hubs are known: without any, no attempt need be looked at.
    SELECT r.dps AS dps, r.hub AS hub, r.time AS time, r.evidence AS evidence, r.registration AS registration, r.attempt AS attempt
    FROM wholes w
    CROSS JOIN attempts r
    WHERE r.dps = w.dps AND r.outcome = 'assigned' AND r.basis = 'logged'
        AND (r.substatus IS NULL OR r.substatus IN ('', 'initialAssignment'))
),
ordered AS (
    SELECT dps, hub, time, evidence, ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time, attempt) AS n
    FROM assigned
),
fresh AS (
    SELECT dps, hub, COUNT(*) AS devices, MIN(time) AS begins, MAX(time) AS ends, MIN(evidence) AS evidence
    FROM ordered
    WHERE n = 1
    GROUP BY dps, hub
),
totals AS (
    SELECT dps, SUM(devices) AS devices, MIN(begins) AS begins, MAX(ends) AS ends FROM fresh GROUP BY dps
),
compared AS (
    SELECT s.dps AS dps, s.hub AS hub, COALESCE(f.devices, 0) AS devices, t.devices AS of_all, s.weight * 1e0 / w.weight AS share,
        CAST((s.weight * 100 - s.weight * 100 % w.weight) / w.weight AS BIGINT) AS in_percent, t.begins AS begins, t.ends AS ends,
        COALESCE(f.evidence, s.evidence) AS evidence
    FROM shares s
    JOIN wholes w ON w.dps = s.dps AND w.hubs > 1
    JOIN totals t ON t.dps = s.dps
    LEFT JOIN fresh f ON f.dps = s.dps AND f.hub = s.hub
),
spread AS MATERIALIZED (
    -- Where no weights are known: the groups of an instance beside each other, by the hub that each device was given.
    SELECT dps, enrollment_group, assigned_hub AS hub, COUNT(*) AS devices, MIN(last_assigned) AS begins,
        MAX(last_assigned) AS ends, MIN(registration_key) AS first_key
    FROM registration_totals
    WHERE assigned_hub IS NOT NULL AND enrollment_group IS NOT NULL AND hub_moves = 0
        AND dps NOT IN (SELECT dps FROM shares)
    GROUP BY dps, enrollment_group, assigned_hub
),
sized AS MATERIALIZED (
    SELECT dps, enrollment_group, SUM(devices) AS devices, MIN(begins) AS begins, MAX(ends) AS ends,
        MIN(first_key) AS first_key
    FROM spread
    GROUP BY dps, enrollment_group
    HAVING SUM(devices) >= :count
),
logged AS MATERIALIZED (
    SELECT registration_key, MAX(LOWER(allocation_policy)) AS policy, MIN(evidence) AS evidence
    FROM attempts
    WHERE registration_key IN (SELECT first_key FROM sized)
    GROUP BY registration_key
),
even AS MATERIALIZED (
    SELECT DISTINCT g.dps AS dps, g.enrollment_group AS enrollment_group, g.devices AS devices, g.begins AS begins, g.ends AS ends, l.evidence AS evidence
    FROM sized g
    LEFT JOIN logged l ON l.registration_key = g.first_key
    LEFT JOIN enrollments e ON e.kind = 'group' AND e.enrollment = g.enrollment_group
    WHERE l.policy = 'hashed' OR COALESCE(l.policy, '') = '' AND LOWER(e.allocation_policy) = 'hashed'
),
filled AS MATERIALIZED (
    SELECT s.dps AS dps, s.hub AS hub, SUM(s.devices) AS devices
    FROM spread s
    JOIN even g ON g.dps = s.dps AND g.enrollment_group = s.enrollment_group
    GROUP BY s.dps, s.hub
),
whole AS (
    SELECT dps, SUM(devices) AS devices, COUNT(*) AS hubs FROM filled GROUP BY dps
),
sides AS (
    SELECT g.dps AS dps, g.enrollment_group AS enrollment_group, f.hub AS hub, g.begins AS begins, g.ends AS ends, g.evidence AS evidence, w.hubs AS hubs, COALESCE(s.devices, 0) AS a,
        g.devices AS n, f.devices - COALESCE(s.devices, 0) AS b, w.devices - g.devices AS m,
        f.devices * 1e0 / w.devices AS p
    FROM even g
    JOIN whole w ON w.dps = g.dps AND w.hubs > 1
    JOIN filled f ON f.dps = g.dps
    LEFT JOIN spread s ON s.dps = g.dps AND s.enrollment_group = g.enrollment_group AND s.hub = f.hub
),
apart AS (
    SELECT sides.*, (a * 1e0 / n - b * 1e0 / m) * (a * 1e0 / n - b * 1e0 / m)
            / (p * (1 - p) * (1e0 / n + 1e0 / m)) AS chi,
        CAST((ABS(a * hubs - n) * 1000000 - ABS(a * hubs - n) * 1000000 % (n * hubs)) / (n * hubs) AS BIGINT) AS off
    FROM sides
    WHERE m >= :count AND p > 0 AND p < 1
        AND (a * 100e0 / n - b * 100e0 / m > :points OR b * 100e0 / m - a * 100e0 / n > :points)
),
odd AS (
    -- One group that is off makes each other group look so: only the farthest is told.
    SELECT apart.*, ROW_NUMBER() OVER (PARTITION BY dps ORDER BY off DESC, a DESC, chi DESC, enrollment_group, hub) AS nth
    FROM apart
    WHERE chi > 10.83e0
)
SELECT
    hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    dps AS dps,
    hub AS hub,
    begins AS first_seen,
    ends AS last_seen,
    devices AS occurrences,
    devices || ' of ' || of_all || ', weight ' || in_percent || ' %' AS reason,
    'likely' AS confidence,
    evidence AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3,
    'hub' AS subject_kind
FROM compared
WHERE of_all >= :count AND share > 0 AND share < 1
    AND (devices - of_all * share) * (devices - of_all * share) > 10.83e0 * of_all * share * (1 - share)
    AND (devices * 100e0 / of_all - share * 100 > :points OR share * 100 - devices * 100e0 / of_all > :points)
UNION ALL
SELECT
    enrollment_group,
    NULL,
    NULL,
    enrollment_group,
    dps,
    hub,
    begins,
    ends,
    a,
    a || ' of ' || n || ' of group ' || enrollment_group || ', ' || b || ' of ' || m || ' of the other groups',
    'possible',
    evidence,
    NULL,
    NULL,
    'enrollment-group'
FROM odd
WHERE nth = 1
