-- rule: silent-device
-- title: A device has fallen silent
-- severity: medium
-- subject: device
-- confidence: possible
-- family: connections
-- holds: yes
-- absence: after hub
-- parameter: times = 10: as long as its longest pause before
-- parameter: hours = 24: and longer than this
-- parameter: records = 5: before, at least
-- parameter: seen_hours = 3: from the first to the last of them, at least, so that its pauses say something
-- needs: hub
-- why: Nothing was heard of a device for far longer than it was ever quiet before, while the logs of its hub go on.
-- causes: It is broken, switched off, or its network is gone; a trust root that it lacks lets it fail before the hub
--     can log it.
-- fix: Look at power and network at the site; compare with neighbours that fell silent at the same time.
-- not this: A device that comes once in a while, or was seen for a few minutes only; logs that end or have holes.
-- references: docs/correlation.md, journeys
-- summary: {device_id} was last heard of by {hub} long ago: more than {times} times its longest pause before
WITH streams AS (
    SELECT instance, COUNT(*) AS hours, MIN(hour) AS first_hour, MAX(hour) AS last_hour, MAX(last_time) AS last_time
    FROM coverage
    WHERE service = 'hub' AND tells_of = 'connections'
    GROUP BY instance
)
SELECT
    d.device_id AS subject,
    d.registration_id AS registration_id,
    d.device_id AS device_id,
    d.enrollment_group AS enrollment_group,
    NULL AS dps,
    d.hub AS hub,
    d.last_time AS first_seen,
    -- It lasts as long as the hub's logs go on without it.
    s.last_time AS last_seen,
    d.records AS occurrences,
    'silent' AS reason,
    'possible' AS confidence,
    NULL AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3
FROM device_totals d
JOIN streams s ON s.instance = d.hub
WHERE d.records >= :records AND d.last_time - d.first_time >= :seen_hours * 3600000000
    AND s.last_time - d.last_time > :hours * 3600000000
    AND s.last_time - d.last_time > :times * d.longest_gap
    AND s.hours * 36000000000 >= (s.last_hour - s.first_hour + 3600000000) * 9
