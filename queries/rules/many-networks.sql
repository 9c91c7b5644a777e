-- rule: many-networks
-- title: One registration id asks from many networks
-- severity: high
-- subject: device
-- confidence: likely
-- family: identities
-- parameter: networks = 5: different masked networks
-- parameter: hours = 24: sliding, ends included
-- restless: yes
-- needs: dps
-- why: One credential that is used from many places is a copied image or a stolen key: each copy takes the identity
--     from the others.
-- causes: An image that was cloned with its id and key; a serial number given several times; a key that leaked.
-- fix: Find the devices behind the networks, give each an id and a key of its own, and rotate the credential.
-- not this: A device that moves between two or three networks; many devices behind one.
-- references: docs/correlation.md, journeys
-- summary: {registration_id} asked {dps} from {occurrences} networks within {hours} hours
WITH near AS MATERIALIZED (
    SELECT registration, network_number AS network
    FROM attempts
    WHERE network_number IS NOT NULL AND registration IN (SELECT registration FROM registration_totals WHERE attempts >= :networks AND (:networks < 3 OR closest <= :hours * 3600000000))
),
suspects AS (
    SELECT registration FROM near GROUP BY registration HAVING COUNT(DISTINCT network) >= :networks
),
asked AS (
    SELECT registration, registration_id, device_id, enrollment_group, dps, time, network, evidence
    FROM attempts
    WHERE network IS NOT NULL AND registration IN (SELECT registration FROM suspects)
),
spans AS (
    SELECT a.registration AS registration, a.time AS begins, MAX(b.time) AS ends, COUNT(DISTINCT b.network) AS networks
    FROM asked a
    JOIN asked b ON b.registration = a.registration AND b.time BETWEEN a.time AND a.time + :hours * 3600000000
    GROUP BY a.registration, a.time
    HAVING COUNT(DISTINCT b.network) >= :networks
)
SELECT
    MIN(k.registration_id) AS subject,
    MIN(k.registration_id) AS registration_id,
    MAX(k.device_id) AS device_id,
    MAX(k.enrollment_group) AS enrollment_group,
    MAX(k.dps) AS dps,
    NULL AS hub,
    MIN(s.begins) AS first_seen,
    MAX(s.ends) AS last_seen,
    MAX(s.networks) AS occurrences,
    'networks' AS reason,
    'likely' AS confidence,
    MIN(k.evidence) AS evidence,
    MAX(k.evidence) AS evidence_2,
    NULL AS evidence_3
FROM spans s
JOIN asked k ON k.registration = s.registration AND k.time BETWEEN s.begins AND s.ends
GROUP BY s.registration
