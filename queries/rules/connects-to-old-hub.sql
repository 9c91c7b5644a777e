-- rule: connects-to-old-hub
-- title: Connects to another hub than the one assigned
-- severity: high
-- subject: device
-- confidence: certain
-- family: first-contact
-- holds: yes
-- needs: dps, hub
-- why: The device ignores its newer assignment: data arrives in the wrong place, and it is cut off when the old hub
--     goes.
-- causes: The device keeps the connection information of its first assignment; it does not register again on 401, 403
--     or 404; a migration was done in DPS only.
-- fix: Make the device drop what it has cached and take the hub from the latest registration; disable its identity in
--     the old hub once it has moved.
-- not this: A contact at the assigned hub within the window; a contact at the old hub before the newer assignment.
-- references: contracts, journey elsewhere; DPS, how to handle re-provisioning
-- summary: {device_id} was assigned to {hub} but connected to another hub ({reason}), {occurrences} times
SELECT
    device_id AS subject,
    MIN(registration_id) AS registration_id,
    device_id AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    MAX(hub) AS hub,
    MIN(contact_time) AS first_seen,
    MAX(contact_time) AS last_seen,
    COUNT(*) AS occurrences,
    MAX(reason) || ' ' || MAX(contact_hub) AS reason,
    CASE WHEN MIN(CASE WHEN basis = 'logged' AND covered = 1 THEN 1 ELSE 0 END) = 1 THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(evidence) AS evidence,
    MIN(contact_evidence) AS evidence_2,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_3
FROM journeys
WHERE journey = 'elsewhere'
GROUP BY device_id
