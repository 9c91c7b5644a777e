-- rule: attribute-outlier
-- title: One SDK, protocol or network is refused far more often than the rest
-- severity: medium
-- subject: fleet
-- confidence: likely
-- family: connections
-- parameter: devices = 20: with the value, and without it, at least
-- parameter: share_percent = 30: of them refused
-- parameter: times = 5: as often as the others
-- needs: hub
-- why: Something in a version, a protocol or a place makes devices fail; what they share points to the cause.
-- causes: A new firmware with a fault; a proxy that breaks one protocol; a site with a wrong clock or a filter.
-- fix: Compare the affected devices with the others (`dpslens incidents`); take the version back, or look at the network.
-- not this: A value that all devices share; a few devices.
-- references: docs/correlation.md, journeys
-- summary: {occurrences} devices with {subject} were refused: {reason}
WITH known AS MATERIALIZED (
    SELECT device, sdk_number, protocol, network_number, refused, first_refused, last_refused FROM device_totals
),
alike AS (
    SELECT MIN(device) AS example, sdk_number, protocol, network_number, COUNT(*) AS devices,
        SUM(CASE WHEN refused > 0 THEN 1 ELSE 0 END) AS refused, MIN(first_refused) AS begins, MAX(last_refused) AS ends
    FROM known
    GROUP BY sdk_number, protocol, network_number
),
totals AS (
    SELECT SUM(devices) AS devices, SUM(refused) AS refused FROM alike
),
sums AS (
    SELECT 'sdk' AS attribute, MIN(example) AS example, SUM(devices) AS devices, SUM(refused) AS refused,
        MIN(begins) AS begins, MAX(ends) AS ends
    FROM alike WHERE sdk_number IS NOT NULL GROUP BY sdk_number
    UNION ALL
    SELECT 'protocol', MIN(example), SUM(devices), SUM(refused), MIN(begins), MAX(ends)
    FROM alike WHERE protocol IS NOT NULL GROUP BY protocol
    UNION ALL
    SELECT 'network', MIN(example), SUM(devices), SUM(refused), MIN(begins), MAX(ends)
    FROM alike WHERE network_number IS NOT NULL GROUP BY network_number
),
valued AS (
    SELECT s.attribute || '=' || CASE s.attribute WHEN 'sdk' THEN d.sdk WHEN 'protocol' THEN d.protocol ELSE d.network END AS name,
        s.devices AS devices, s.refused AS refused, s.begins AS begins, s.ends AS ends
    FROM sums s
    JOIN device_totals d ON d.device = s.example
    WHERE s.devices >= :devices
),
counted AS (
    SELECT * FROM valued WHERE devices >= :devices AND refused * 100 >= devices * :share_percent
)
SELECT
    c.name AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    NULL AS hub,
    c.begins AS first_seen,
    c.ends AS last_seen,
    c.refused AS occurrences,
    c.refused || ' of ' || c.devices || ', ' || (t.refused - c.refused) || ' of ' || (t.devices - c.devices) || ' others' AS reason,
    'likely' AS confidence,
    NULL AS evidence,
    NULL AS evidence_2,
    NULL AS evidence_3
FROM counted c
CROSS JOIN totals t
WHERE t.devices - c.devices >= :devices
    AND c.refused * (t.devices - c.devices) >= :times * (t.refused - c.refused) * c.devices
