-- rule: assigned-then-refused
-- title: Provisioned, then refused by the assigned hub
-- severity: critical
-- subject: device
-- confidence: certain
-- family: first-contact
-- holds: yes
-- parameter: window_minutes = 10: how long after the assignment a contact counts
-- needs: dps, hub
-- why: The device has a fresh assignment that it cannot use; it will go on trying until somebody acts.
-- causes: The hub holds another key or thumbprint than the enrollment; the identity is disabled or deleted in the
--     hub; a module id is used as the client id; the device clock is off by more than five minutes.
-- fix: Compare the device's authentication in the hub with its enrollment, enable the identity, or delete its
--     registration record and let it register again.
-- not this: One refusal that a success follows within the window; a refusal long after the assignment
--     (hub-credential-rejected); the renewal of a token.
-- references: contracts, journey refused; IoT Hub troubleshooting, 401003, 404001, 403012
-- summary: {device_id} was assigned to {hub} and then refused there ({reason}), {occurrences} times
SELECT
    device_id AS subject,
    MIN(registration_id) AS registration_id,
    device_id AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    MAX(hub) AS hub,
    MIN(assigned) AS first_seen,
    MAX(contact_time) AS last_seen,
    COUNT(*) AS occurrences,
    'refused-' || COALESCE(MIN(contact_code), 0) AS reason,
    CASE WHEN MIN(CASE WHEN basis IN ('logged', 'snapshot') THEN 1 ELSE 0 END) = 1 THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(evidence) AS evidence,
    MIN(contact_evidence) AS evidence_2,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_3
FROM journeys
WHERE journey = 'refused' AND delay <= :window_minutes * 60000000
GROUP BY device_id
