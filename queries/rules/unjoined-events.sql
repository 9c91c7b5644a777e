-- rule: unjoined-events
-- title: Many devices at the hubs have no registration in the logs
-- severity: low
-- subject: fleet
-- confidence: certain
-- family: logs
-- absence: devices dps
-- parameter: devices = 100: without a registration
-- parameter: share_percent = 20: of all devices at the hubs
-- needs: dps, hub
-- why: What the hub says of these devices cannot be told from their provisioning: the picture has two halves.
-- causes: Logs of a DPS instance are missing; devices were provisioned before the logs begin, or by hand; individual
--     enrollments give other device ids and no export of them was read.
-- fix: Read the logs of all DPS instances from the time of provisioning, and `az iot dps registration` exports for
--     the ids.
-- not this: A few devices that were made by hand.
-- references: docs/correlation.md, journeys
-- summary: {occurrences} devices at the hubs have no registration in what was read ({reason})
WITH known AS MATERIALIZED (
    SELECT registration, first_time, last_time FROM device_totals
),
joined AS (
    SELECT COUNT(*) AS all_devices, SUM(CASE WHEN registration IS NULL THEN 1 ELSE 0 END) AS loose,
        MIN(CASE WHEN registration IS NULL THEN first_time END) AS first_time,
        MAX(CASE WHEN registration IS NULL THEN last_time END) AS last_time
    FROM known
)
SELECT
    'fleet' AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    NULL AS hub,
    first_time AS first_seen,
    last_time AS last_seen,
    loose AS occurrences,
    loose || ' of ' || all_devices || ' devices' AS reason,
    'certain' AS confidence,
    NULL AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3
FROM joined
WHERE loose >= :devices AND loose * 100 >= all_devices * :share_percent
