-- rule: mass-disconnect
-- title: Many devices of a hub lose their connection at once
-- severity: critical
-- subject: hub
-- confidence: certain
-- family: connections
-- errors: hub 400, 401, 404, 500, 503
-- absence: devices hub
-- watches: hub-minutes devices
-- parameter: devices = 20, at least 5: dropped within the time
-- parameter: share_percent = 20: of the sessions that were open
-- parameter: minutes = 5: sliding, in whole minutes
-- needs: hub
-- why: A part of the fleet went away within minutes: one cause hit many.
-- causes: The network of a site or a provider; a certificate or key that ended for many; a failover of the hub.
-- fix: See what the devices have in common (`dpslens incidents`), then look at the service health, the network and
--     what was changed.
-- not this: Tokens that are renewed at the same minute; an upgrade of the service after which devices come back at
--     once; devices that close by themselves.
-- references: docs/correlation.md, journeys
-- summary: {hub} lost {occurrences} devices within {minutes} minutes ({reason})
WITH summed AS (
    SELECT hub, minute,
        SUM(drops) OVER (
            PARTITION BY hub ORDER BY minute RANGE BETWEEN (:minutes - 1) * 60000000 PRECEDING AND CURRENT ROW
        ) AS drops,
        SUM(explained) OVER (
            PARTITION BY hub ORDER BY minute
            RANGE BETWEEN (:minutes - 1) * 60000000 PRECEDING AND 120000000 FOLLOWING
        ) AS explained,
        MAX(sessions) OVER (
            PARTITION BY hub ORDER BY minute RANGE BETWEEN (:minutes - 1) * 60000000 PRECEDING AND CURRENT ROW
        ) AS sessions
    FROM hub_minutes
),
struck AS (
    SELECT hub, minute, drops - explained AS lost, sessions,
        LAG(minute) OVER (PARTITION BY hub ORDER BY minute) AS minute_before
    FROM summed
    WHERE drops - explained >= :devices AND (drops - explained) * 100 >= sessions * :share_percent
),
marked AS (
    SELECT struck.*, SUM(CASE WHEN minute_before IS NULL OR minute - minute_before > 1800000000 THEN 1 ELSE 0 END)
        OVER (PARTITION BY hub ORDER BY minute ROWS UNBOUNDED PRECEDING) AS episode
    FROM struck
),
episodes AS (
    SELECT hub, episode, MIN(minute) AS begins, MAX(minute) AS ends, MAX(lost) AS lost, MAX(sessions) AS sessions
    FROM marked
    GROUP BY hub, episode
),
lost AS (
    SELECT e.hub AS hub, e.begins AS begins, MIN(t.evidence) AS evidence, MAX(t.evidence) AS evidence_2
    FROM episodes e
    JOIN unexplained_errors t ON t.time BETWEEN e.begins - 240000000 AND e.ends + 60000000 AND t.hub = e.hub
    WHERE t.role IN ('drop', 'server')
    GROUP BY e.hub, e.begins
)
SELECT
    e.hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    e.hub AS hub,
    MAX(e.begins) AS first_seen,
    MAX(e.ends) + 60000000 AS last_seen,
    MAX(e.lost) AS occurrences,
    MAX(e.lost) || ' of ' || MAX(e.sessions) || ' sessions' AS reason,
    'certain' AS confidence,
    MIN(l.evidence) AS evidence,
    MAX(l.evidence_2) AS evidence_2,
    NULL AS evidence_3,
    CAST((e.begins - e.begins % 3600000000) / 3600000000 AS BIGINT) || '' AS episode
FROM episodes e
LEFT JOIN lost l ON l.hub = e.hub AND l.begins = e.begins
GROUP BY e.hub, e.begins
