-- rule: assigned-never-connected
-- title: Provisioned, then never seen at the assigned hub
-- severity: high
-- subject: device
-- confidence: certain
-- family: first-contact
-- holds: yes
-- registry: hub
-- end: silent
-- needs: dps, hub
-- why: DPS did its part and the hub never heard of the device: the customer sees a dead device and both services look
--     healthy.
-- causes: Port 8883, 5671 or 443 or the name of this hub is blocked at the site; the root certificate is missing on
--     the device; the application stops after provisioning.
-- fix: Test the connection to this hub from the site, look at allow-lists and the root certificates, and read the log
--     of the device after provisioning.
-- not this: A first contact after the window (slow, not never); a hub of which no logs were read (coverage-gap); a
--     device that registers again before the window is over; hours of the hub of which records could not be read; a
--     device that speaks HTTPS to its hub, of which the log of connections says nothing.
-- references: docs/correlation.md, journeys and coverage
-- summary: {device_id} was assigned to {hub} and never connected there, {occurrences} times
WITH silent AS (
    SELECT j.device_id AS device_id, j.registration_id AS registration_id, j.enrollment_group AS enrollment_group,
        j.dps AS dps, j.hub AS hub, j.assigned AS assigned, j.basis AS basis, j.covered AS covered,
        j.evidence AS evidence, a.protocol AS protocol,
        -- A record that the attempt changed; one of another time may name another hub.
        CASE WHEN EXISTS (
            SELECT 1 FROM registration_records r
            WHERE r.registration_key = j.registration_key AND r.hub = j.hub
                AND r.updated >= j.time - 60000000 AND r.updated <= j.assigned + 600000000
        ) THEN 1 ELSE 0 END AS is_own_record
    FROM journeys j
    JOIN attempts a ON a.attempt = j.attempt
    WHERE j.journey = 'silent'
)
SELECT
    device_id AS subject,
    MIN(registration_id) AS registration_id,
    device_id AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    MAX(hub) AS hub,
    MIN(assigned) AS first_seen,
    MAX(assigned) AS last_seen,
    COUNT(*) AS occurrences,
    'no-contact' AS reason,
    CASE WHEN MIN(
        CASE WHEN covered = 1 AND (protocol IS NULL OR LOWER(protocol) NOT LIKE 'http%')
            AND (basis = 'logged' OR basis = 'snapshot' AND is_own_record = 1) THEN 1 ELSE 0 END
    ) = 1 THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(evidence) AS evidence,
    NULL AS evidence_2,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_3
FROM silent
GROUP BY device_id
