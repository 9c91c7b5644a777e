-- rule: hub-failover
-- title: A hub fails over
-- severity: high
-- subject: hub
-- confidence: likely
-- family: connections
-- errors: hub 404012, 401001
-- absence: devices hub
-- parameter: devices = 5: different devices that are told so within the time
-- parameter: share_percent = 50: of the devices that connected in the hour before
-- parameter: minutes = 10: sliding, ends included
-- end: refused
-- needs: hub
-- why: The hub itself is moving or was away: no device of it can connect until it is back, and none of them is at
--     fault.
-- causes: A manual failover of the hub; an incident in its region; a hub that was deleted or whose name does not lead to
--     it any more (401001).
-- fix: Look at the service health and the failovers of the hub, and wait until it is done before anything is restarted.
--     Then look which devices did not come back.
-- not this: A single device that asks a hub that does not exist (hub-refused).
-- references: IoT Hub, high availability and disaster recovery; IoT Hub troubleshooting, 404012, 401001
-- summary: {hub} failed over: it told {occurrences} devices so from {first_seen} to {last_seen} ({reason})
WITH told AS MATERIALIZED (
    SELECT hub, device, time, code, evidence
    FROM unexplained_errors
    WHERE failure = 'failover' AND device IS NOT NULL AND hub <> '' AND role <> 'identity'
),
marked AS (
    SELECT told.*,
        time - LAG(time) OVER (PARTITION BY hub, device ORDER BY time, evidence) AS since_own,
        time - LAG(time) OVER (PARTITION BY hub ORDER BY time, evidence) AS since_any
    FROM told
),
numbered AS (
    -- Half an hour without any ends an episode.
    SELECT marked.*,
        SUM(CASE WHEN since_any <= 1800000000 THEN 0 ELSE 1 END) OVER (
            PARTITION BY hub ORDER BY time, evidence ROWS UNBOUNDED PRECEDING
        ) AS episode
    FROM marked
),
firsts AS (
    -- A device that is told again and again counts once: what is left of it is further apart than the time.
    SELECT hub, episode,
        COUNT(*) OVER (
            PARTITION BY hub, episode ORDER BY time RANGE BETWEEN CURRENT ROW AND :minutes * 60000000 FOLLOWING
        ) AS together
    FROM numbered
    WHERE since_own IS NULL OR since_own > :minutes * 60000000
),
struck AS (
    SELECT hub, episode, MAX(together) AS together FROM firsts GROUP BY hub, episode HAVING MAX(together) >= :devices
),
episodes AS MATERIALIZED (
    SELECT s.hub AS hub, s.episode AS episode, s.together AS together, MIN(n.time) AS begins, MAX(n.time) AS ends, COUNT(DISTINCT n.device) AS devices,
        MIN(n.code) AS code, MIN(n.evidence) AS evidence, MAX(n.evidence) AS evidence_2
    FROM struck s
    JOIN numbered n ON n.hub = s.hub AND n.episode = s.episode
    GROUP BY s.hub, s.episode, s.together
),
hours AS (
    -- The hour before a beginning lies in its own hour and the one before that.
    SELECT hub, episode, begins, begins - begins % 3600000000 AS hour FROM episodes
    UNION ALL
    SELECT hub, episode, begins, begins - begins % 3600000000 - 3600000000 FROM episodes
),
connected AS MATERIALIZED (
    SELECT c.hub AS hub, h.hour AS hour, c.time AS time, c.device AS device
    FROM (SELECT DISTINCT hour FROM hours) h
    CROSS JOIN contacts c
    WHERE c.time >= h.hour AND c.time < h.hour + 3600000000 AND c.outcome = 'connected'
        AND c.hub IN (SELECT hub FROM episodes)
),
before AS (
    SELECT h.hub AS hub, h.episode AS episode, COUNT(DISTINCT c.device) AS devices
    FROM hours h
    JOIN connected c ON c.hub = h.hub AND c.hour = h.hour
    WHERE c.time >= h.begins - 3600000000 AND c.time < h.begins
    GROUP BY h.hub, h.episode
)
SELECT
    e.hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    e.hub AS hub,
    e.begins AS first_seen,
    e.ends AS last_seen,
    e.devices AS occurrences,
    'code-' || e.code AS reason,
    'likely' AS confidence,
    e.evidence AS evidence,
    e.evidence_2 AS evidence_2,
    NULL AS evidence_3,
    CAST((e.begins - e.begins % 3600000000) / 3600000000 AS BIGINT) || '' AS episode
FROM episodes e
LEFT JOIN before b ON b.hub = e.hub AND b.episode = e.episode
WHERE e.together * 100 >= COALESCE(b.devices, 0) * :share_percent
