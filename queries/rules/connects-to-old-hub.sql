-- rule: connects-to-old-hub
-- title: Connects to another hub than the one assigned
-- severity: high
-- subject: device
-- confidence: certain
-- family: first-contact
-- holds: yes
-- registry: hub, other-hub, unlinked-hub
-- end: elsewhere
-- needs: dps, hub
-- why: The device ignores its newer assignment: data arrives in the wrong place, and it is cut off when the old hub
--     goes.
-- causes: The device keeps the connection information of its first assignment; it does not register again on 401, 403
--     or 404; a migration was done in DPS only.
-- fix: Make the device drop what it has cached and take the hub from the latest registration; disable its identity in
--     the old hub once it has moved.
-- not this: A contact at the assigned hub within the window; a contact at the old hub before the newer assignment.
-- references: docs/correlation.md, journeys; DPS, how to handle re-provisioning
-- summary: {device_id} was assigned to {hub} but connected to another hub ({reason}), {occurrences} times
SELECT
    j.device_id AS subject,
    MIN(j.registration_id) AS registration_id,
    j.device_id AS device_id,
    MAX(j.enrollment_group) AS enrollment_group,
    MAX(j.dps) AS dps,
    MAX(j.hub) AS hub,
    MIN(j.contact_time) AS first_seen,
    -- While its last assignment is still that one and no other hub saw it, it stays where it is.
    MAX(CASE WHEN j.assigned = t.last_answered AND d.hub = j.contact_hub AND d.last_time > j.contact_time THEN d.last_time
        ELSE j.contact_time END) AS last_seen,
    COUNT(*) AS occurrences,
    MAX(j.reason) || ' ' || MAX(j.contact_hub) AS reason,
    CASE WHEN MIN(CASE WHEN j.basis = 'logged' AND j.covered = 1 THEN 1 ELSE 0 END) = 1 THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(j.evidence) AS evidence,
    MIN(j.contact_evidence) AS evidence_2,
    CASE WHEN COUNT(*) > 1 THEN MAX(j.evidence) END AS evidence_3
FROM journeys j
LEFT JOIN registration_totals t ON t.registration = j.registration
LEFT JOIN device_totals d ON d.device = t.device
WHERE j.journey = 'elsewhere'
GROUP BY j.device_id
