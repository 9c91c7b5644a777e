-- rule: attested-never-connected
-- title: DPS let the device in, and no hub ever saw it
-- severity: high
-- subject: device
-- confidence: possible
-- family: first-contact
-- holds: yes
-- absence: near hub; near dps
-- parameter: hours = 2, at most 2: of the logs of all hubs of the instance after DPS let it in, or until it was let in again
-- parameter: sure = 3: times from which on it is likely
-- end: silent
-- needs: dps, hub
-- why: Attestation works and nothing comes of it: the device stops, or fails, between DPS and its hub.
-- causes: Allocation failed after attestation; port 8883, 5671 or 443 or the name of the hub is blocked at the site; the
--     root certificate is missing on the device; its device id is not its registration id.
-- fix: Export the registration records (az iot dps enrollment-group registration list, or az iot dps enrollment registration
--     show) and read them with the logs: they say whether it was given a hub, which one, and under which device id. Then
--     test the connection to that hub from the site.
-- not this: A device of which DPS logged the hub, or an export names it (assigned-never-connected); a hub of which no
--     logs were read, or not all; a device that a hub refuses (hub-refused); one that a hub knows by its id in
--     another case.
-- references: DPS, DeviceOperations
-- summary: {dps} let {registration_id} in {occurrences} times, and no hub of these logs ever saw a device of its
--     id
WITH suspects AS MATERIALIZED (
    SELECT t.registration AS registration, t.dps AS dps
    FROM registration_totals t
    LEFT JOIN device_totals d ON d.device = t.device
    WHERE t.answered > 0 AND t.last_assigned IS NULL AND d.device IS NULL
),
streams AS MATERIALIZED (
    SELECT instance_number, MIN(instance) AS hub, MAX(hour) AS last_hour
    FROM coverage
    WHERE service = 'hub' AND tells_of = 'connections'
    GROUP BY instance_number
),
named AS (
    -- The hubs of an instance: linked, assigned, or those where devices are that it let in.
    SELECT dps, hub FROM linked_hubs
    UNION
    SELECT dps, assigned_hub FROM registration_totals WHERE assigned_hub IS NOT NULL AND EXISTS (SELECT 1 FROM suspects)
    UNION
    SELECT t.dps AS dps, d.hub AS hub
    FROM device_totals d
    JOIN registration_totals t ON t.registration = d.registration
    WHERE d.hub IS NOT NULL AND d.hub <> '' AND EXISTS (SELECT 1 FROM suspects)
),
hubs AS MATERIALIZED (
    SELECT dps, hub FROM named WHERE dps IN (SELECT dps FROM suspects)
    UNION
    SELECT s.dps AS dps, m.hub AS hub
    FROM suspects s
    CROSS JOIN streams m
    WHERE s.dps NOT IN (SELECT dps FROM named WHERE dps IS NOT NULL)
),
sizes AS (
    SELECT dps, COUNT(*) AS hubs FROM hubs GROUP BY dps
),
reach AS (
    -- Until when in each hour the logs of all of them go.
    SELECT h.dps AS dps, c.hour AS hour, COUNT(*) AS hubs,
        MIN(CASE WHEN c.hour = m.last_hour THEN c.last_time ELSE c.hour + 3600000000 END) AS until
    FROM hubs h
    JOIN streams m ON m.hub = h.hub
    JOIN coverage c ON c.instance_number = m.instance_number AND c.tells_of = 'connections'
    GROUP BY h.dps, c.hour
),
covered AS MATERIALIZED (
    SELECT r.dps AS dps, r.hour AS hour, r.until AS until FROM reach r JOIN sizes z ON z.dps = r.dps AND z.hubs = r.hubs
),
failed AS MATERIALIZED (
    SELECT DISTINCT registration_key FROM registration_records WHERE LOWER(status) = 'failed'
),
spelled AS MATERIALIZED (
    -- DPS compares ids without case, hubs do not: a device of the other case may be it.
    SELECT DISTINCT LOWER(device_id) AS device_key FROM device_totals WHERE EXISTS (SELECT 1 FROM suspects)
),
let_in AS (
    SELECT j.registration AS registration, j.registration_key AS registration_key, j.registration_id AS registration_id, j.device_id AS device_id, j.enrollment_group AS enrollment_group, j.dps AS dps, j.assigned AS assigned, j.hub AS hub, j.evidence AS evidence,
        LEAD(j.assigned) OVER (PARTITION BY j.registration ORDER BY j.assigned, j.attempt) AS next
    FROM journeys j
    WHERE j.registration IN (SELECT registration FROM suspects)
        AND j.registration_key NOT IN (SELECT device_key FROM spelled)
),
judged AS (
    SELECT let_in.*, assigned - assigned % 3600000000 AS hour,
        CASE WHEN next < assigned + :hours * 3600000000 THEN next ELSE assigned + :hours * 3600000000 END AS ends
    FROM let_in
    WHERE hub IS NULL
),
unseen AS (
    SELECT j.*
    FROM judged j
    JOIN covered a ON a.dps = j.dps AND a.hour = j.hour
    LEFT JOIN covered b ON b.dps = j.dps AND b.hour = j.hour + 3600000000
    LEFT JOIN covered c ON c.dps = j.dps AND c.hour = j.hour + 7200000000
    WHERE (a.until >= j.ends OR a.until >= j.hour + 3600000000)
        AND (j.ends <= j.hour + 3600000000 OR b.until >= j.ends OR b.until >= j.hour + 7200000000)
        AND (j.ends <= j.hour + 7200000000 OR c.until >= j.ends)
        AND NOT EXISTS (
            -- A record that could not be read may have told of it.
            SELECT 1
            FROM doubts q
            LEFT JOIN hubs h ON h.hub = q.instance
            WHERE q.service IN ('hub', '') AND q.begins < j.ends AND q.ends >= j.assigned
                AND (q.instance IS NULL OR h.dps = j.dps)
                AND (q.device_key IS NULL OR q.device_key = LOWER(j.device_id))
        )
)
SELECT
    MIN(registration_id) AS subject,
    MIN(registration_id) AS registration_id,
    MAX(device_id) AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    NULL AS hub,
    MIN(assigned) AS first_seen,
    MAX(assigned) AS last_seen,
    COUNT(*) AS occurrences,
    'no-contact-anywhere' AS reason,
    CASE WHEN COUNT(*) >= :sure THEN 'likely' ELSE 'possible' END AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN MAX(f.registration_key) IS NOT NULL
        THEN 'Its registration record says failed: read there why (device, or az iot dps enrollment registration show), '
            || 'and mend the allocation; the device has no hub to go to.'
    END AS fix
FROM unseen
LEFT JOIN failed f ON f.registration_key = unseen.registration_key
GROUP BY registration
