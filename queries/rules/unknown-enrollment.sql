-- rule: unknown-enrollment
-- title: No enrollment for this registration id
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- errors: dps 404
-- parameter: count = 1: answers 404 with no success after them
-- registry: not-enrolled
-- end: failed
-- needs: dps
-- why: The device asks an instance that does not know it, and cannot be provisioned.
-- causes: The enrollment was deleted or never made; the id has a typing error; the device has the scope of another
--     DPS instance.
-- fix: Compare the id with the enrollments and the device's id scope with the instance; then make the enrollment or
--     mend the device.
-- not this: Failures with another answer than 404; an id that DPS let in since: somebody made the enrollment.
-- references: DPS troubleshooting, 404
-- summary: {registration_id} has no enrollment in {dps} ({occurrences} times; {said})
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
    'not-found' AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'Not found'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'not-found' AND is_open = 1 AND failures >= :count
