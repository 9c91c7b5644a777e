-- rule: allocation-skew
-- title: New devices are not spread as the weights say
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
-- not this: Few assignments; assignments of devices that had a hub before; policies other than evenly weighted
--     distribution (hashed).
-- references: contracts; DPS, allocation policies
-- summary: {hub} got {occurrences} of the new devices of {dps} ({reason})
WITH shares AS (
    SELECT dps, hub, COALESCE(MAX(weight), 1) AS weight, MIN(evidence) AS evidence
    FROM linked_hubs
    WHERE applies = 1 AND policy = 'hashed'
    GROUP BY dps, hub
),
wholes AS (
    SELECT dps, SUM(weight) * 1.0 AS weight, COUNT(*) AS hubs FROM shares GROUP BY dps
),
assigned AS MATERIALIZED (
    -- From the instances of which hubs are known: without any, no attempt need be looked at.
    SELECT r.dps, r.hub, r.time, r.evidence, r.registration, r.attempt
    FROM wholes w
    CROSS JOIN registrations r ON r.dps = w.dps
    WHERE r.outcome = 'assigned' AND r.basis = 'logged'
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
    SELECT s.dps, s.hub, COALESCE(f.devices, 0) AS devices, t.devices AS of_all, s.weight / w.weight AS share, t.begins, t.ends,
        COALESCE(f.evidence, s.evidence) AS evidence
    FROM shares s
    JOIN wholes w ON w.dps = s.dps AND w.hubs > 1
    JOIN totals t ON t.dps = s.dps
    LEFT JOIN fresh f ON f.dps = s.dps AND f.hub = s.hub
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
    devices || ' of ' || of_all || ', weight ' || CAST(share * 100 AS INTEGER) || ' %' AS reason,
    'likely' AS confidence,
    evidence AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3
FROM compared
WHERE of_all >= :count AND share > 0 AND share < 1
    AND (devices - of_all * share) * (devices - of_all * share) > 10.83 * of_all * share * (1 - share)
    AND (devices * 100.0 / of_all - share * 100 > :points OR share * 100 - devices * 100.0 / of_all > :points)
