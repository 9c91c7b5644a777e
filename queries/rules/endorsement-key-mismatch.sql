-- rule: endorsement-key-mismatch
-- title: The TPM is not the one that was enrolled
-- severity: high
-- subject: device
-- confidence: certain
-- family: keys
-- holds: yes
-- errors: dps 400, 401
-- absence: between dps
-- parameter: count = 2: failures with no success after them
-- registry: refused-endorsement-key
-- needs: dps
-- why: The device shows another endorsement key than its enrollment holds, and cannot be provisioned.
-- causes: The TPM or the board was replaced; a simulator was restarted and made a new key; the key was cut when it
--     was enrolled.
-- fix: Read the endorsement key from the device itself and put it into the enrollment.
-- not this: The challenge (401) that every TPM registration begins with; one failure and a success; a registration id
--     that DPS does not allow, which has the same code.
-- references: DPS, TPM attestation
-- summary: {registration_id}: {dps} did not accept the endorsement key {occurrences} times ({said})
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
    'endorsement-key' AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'no text was logged'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'endorsement-key' AND is_open = 1 AND failures >= :count
