-- rule: custom-allocation-failed
-- title: The allocation webhook fails
-- severity: high
-- subject: device
-- confidence: certain
-- family: allocation
-- parameter: count = 2: failures 400207
-- needs: dps
-- why: The device attested well, but the function that chooses its hub failed, so it has none.
-- causes: The webhook answers an error or too late, its key has changed, or it names a hub that is not linked.
-- fix: Look at the log of the function at these times; answer 200 with a hub out of linkedHubs.
-- not this: One failure that a success follows; failures of attestation.
-- references: contracts; DPS, custom allocation policies
-- summary: custom allocation failed {occurrences} times for {registration_id}
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
    'code-' || MIN(code) AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3
FROM registrations
WHERE outcome = 'failed' AND (code = 400207 OR error_message LIKE 'Custom allocation failed%' OR result_description LIKE 'Custom allocation failed%')
GROUP BY registration_key
HAVING COUNT(*) >= :count
