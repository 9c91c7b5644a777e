-- rule: unknown-enrollment
-- title: No enrollment for this registration id
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- parameter: count = 1: answers 404
-- needs: dps
-- why: The device asks an instance that does not know it, and cannot be provisioned.
-- causes: The enrollment was deleted or never made; the id has a typing error; the device has the scope of another
--     DPS instance.
-- fix: Compare the id with the enrollments and the device's id scope with the instance; then make the enrollment or
--     mend the device.
-- not this: Failures with another answer than 404.
-- references: contracts; DPS troubleshooting, 404
-- summary: {registration_id} has no enrollment in {dps} (404, {occurrences} times)
SELECT
    MIN(registration_id) AS subject,
    MIN(registration_id) AS registration_id,
    MAX(device_id) AS device_id,
    MAX(enrollment_group) AS enrollment_group,
    MAX(dps) AS dps,
    NULL AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(*) AS occurrences,
    'not-found' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3
FROM registrations
WHERE outcome = 'failed' AND (code = 404 OR code BETWEEN 404000 AND 404999)
GROUP BY registration_key
HAVING COUNT(*) >= :count
