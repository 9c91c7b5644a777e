-- rule: custom-allocation-failed
-- title: The allocation webhook fails
-- severity: high
-- subject: device
-- confidence: certain
-- family: allocation
-- errors: dps 400, 401, 403, 404, 500
-- absence: between dps
-- parameter: count = 2: failures 400207, or with that message, and no success after them
-- end: failed
-- needs: dps
-- why: The device attested well, but the function that chooses its hub failed, so it has none.
-- causes: The webhook answers an error or too late, its key has changed, or it names a hub that is not linked.
-- fix: Look at the log of the function at these times; answer 200 with a hub out of linkedHubs.
-- not this: Failures that a success follows; failures of attestation.
-- references: DPS, custom allocation policies
-- summary: custom allocation failed {occurrences} times for {registration_id} ({said})
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
    CASE WHEN least_code > 0 THEN 'code-' || least_code END AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'Custom allocation failed'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'allocation' AND is_open = 1 AND failures >= :count
