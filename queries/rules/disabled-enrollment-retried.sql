-- rule: disabled-enrollment-retried
-- title: A disabled enrollment keeps asking
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- errors: dps
-- parameter: count = 3: attempts answered disabled, with no success after them
-- registry: disabled
-- end: disabled
-- needs: dps
-- why: Somebody switched this enrollment off, and the device does not give up.
-- causes: A deliberate block; an enrollment that was disabled for a repair and forgotten; a stolen or retired device.
-- fix: Find out whether the block is meant. If it is, leave it and stop the device; only if it is not, enable the
--     enrollment.
-- not this: One or two attempts after the enrollment was disabled.
-- references: DPS, how to disenroll a device
-- summary: {registration_id} asked {occurrences} times although its enrollment is disabled ({said})
SELECT
    registration_id AS subject,
    registration_id AS registration_id,
    device_id AS device_id,
    enrollment_group AS enrollment_group,
    dps AS dps,
    NULL AS hub,
    first_time AS first_seen,
    last_time AS last_seen,
    failures AS occurrences,
    'disabled' AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'disabled'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'disabled' AND is_open = 1 AND failures >= :count
