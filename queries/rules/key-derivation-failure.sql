-- rule: key-derivation-failure
-- title: Symmetric key is not accepted by DPS
-- severity: high
-- subject: device
-- confidence: certain
-- family: keys
-- holds: yes
-- errors: dps 401
-- absence: between dps
-- parameter: count = 3: failures with no success after them
-- registry: refused-key
-- end: failed
-- needs: dps
-- why: The device presents a key that DPS does not accept, and will never be provisioned until the key is right.
-- causes: The key was derived from another registration id (case, spaces), with the wrong or an undecoded group key,
--     or twice; the group key itself is on the device; the key was regenerated; the device clock is off.
-- fix: Derive the key anew from the group key and the exact registration id, compare it with the one on the device,
--     and look at its clock.
-- not this: Failures that a success follows (recovered); the 401 with which every TPM registration begins; failures of
--     certificates (certificate-rejected).
-- references: DPS, symmetric key attestation; DPS troubleshooting, 401
-- summary: {registration_id} failed {occurrences} times to attest with its key ({said})
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
    CASE WHEN attestation IS NULL THEN 'possible' ELSE 'certain' END AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'no text was logged'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'credential' AND is_open = 1 AND failures >= :count
