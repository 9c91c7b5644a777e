-- rule: split-brain
-- title: One device is connected to two hubs by turns
-- severity: critical
-- subject: device
-- confidence: likely
-- family: identities
-- watches: hub-changes changes within hours
-- parameter: changes = 3, at least 2: of the hub that accepts it
-- parameter: hours = 24, at most 168: sliding, ends included
-- registry: hub, other-hub
-- needs: hub
-- why: Two devices, or one with two assignments, share an identity: its data is split between two hubs.
-- causes: A cloned device of which one copy was moved; a migration that left the old identity enabled; two DPS
--     instances that know the id.
-- fix: Disable the identity in one hub, find both devices by their networks, and rotate the credential.
-- not this: A device that moved to another hub once, or came back once.
-- references: docs/correlation.md, journeys
-- summary: {device_id} changed between hubs {occurrences} times within {hours} hours
WITH accepted AS (
    SELECT c.device_id AS device_id, c.hub AS hub, c.time AS time, c.evidence AS evidence,
        LAG(c.hub) OVER (PARTITION BY c.device_id ORDER BY c.time, c.hub) AS hub_before
    FROM watched_contacts c
    WHERE c.outcome = 'connected'
        AND c.device IN (SELECT device FROM device_totals WHERE hub_changes >= :changes)
),
moves AS (
    SELECT accepted.*, ROW_NUMBER() OVER (PARTITION BY device_id ORDER BY time, hub) AS n
    FROM accepted
    WHERE hub_before <> hub
),
spans AS (
    SELECT moves.*,
        CASE WHEN LEAD(time, :changes - 1) OVER (PARTITION BY device_id ORDER BY n) - time <= :hours * 3600000000
            THEN 1 ELSE 0 END AS begins
    FROM moves
),
struck AS (
    SELECT spans.*,
        MAX(begins) OVER (
            PARTITION BY device_id ORDER BY n ROWS BETWEEN :changes - 1 PRECEDING AND CURRENT ROW
        ) AS is_inside
    FROM spans
)
SELECT
    device_id AS subject,
    NULL AS registration_id,
    device_id AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(hub) AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    MIN(hub) || ' and ' || MAX(hub) AS reason,
    'likely' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3
FROM struck
WHERE is_inside = 1
GROUP BY device_id
