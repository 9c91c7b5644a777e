-- rule: disabled-enrollment-retried
-- title: A disabled enrollment keeps asking
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- parameter: count = 3: attempts answered disabled
-- needs: dps
-- why: Somebody switched this enrollment off, and the device does not give up.
-- causes: A deliberate block; an enrollment that was disabled for a repair and forgotten; a stolen or retired device.
-- fix: Find out whether the block is meant. Enable the enrollment, or stop the device.
-- not this: One or two attempts after the enrollment was disabled.
-- references: contracts; DPS, how to disenroll a device
-- summary: {registration_id} asked {occurrences} times although its enrollment is disabled
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
    'disabled' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3
FROM registrations
WHERE outcome = 'disabled'
GROUP BY registration_key
HAVING COUNT(*) >= :count
