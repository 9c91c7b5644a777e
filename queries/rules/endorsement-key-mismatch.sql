-- rule: endorsement-key-mismatch
-- title: The TPM is not the one that was enrolled
-- severity: high
-- subject: device
-- confidence: certain
-- family: keys
-- holds: yes
-- parameter: count = 2: failures with no success after them
-- needs: dps
-- why: The device shows another endorsement key than its enrollment holds, and cannot be provisioned.
-- causes: The TPM or the board was replaced; a simulator was restarted and made a new key; the key was cut when it
--     was enrolled.
-- fix: Read the endorsement key from the device itself and put it into the enrollment.
-- not this: The challenge (401) that every TPM registration begins with; one failure and a success.
-- references: catalogue of checks, provisioning; DPS, TPM attestation
-- summary: {registration_id}: {dps} did not accept the endorsement key {occurrences} times
WITH failed AS (
    SELECT registration, registration_id, device_id, enrollment_group, dps, time, attempt, evidence
    FROM registrations
    WHERE outcome = 'failed'
        AND (code = 400004 OR error_message LIKE '%ndorsement key%' OR result_description LIKE '%ndorsement key%')
),
suspects AS (
    SELECT registration, MAX(time) AS last_time FROM failed GROUP BY registration HAVING COUNT(*) >= :count
),
worked AS (
    SELECT a.registration, MAX(a.time) AS time
    FROM registrations a
    JOIN suspects s ON s.registration = a.registration
    WHERE a.outcome IN ('assigned', 'accepted')
    GROUP BY a.registration
)
SELECT
    MIN(f.registration_id) AS subject,
    MIN(f.registration_id) AS registration_id,
    MAX(f.device_id) AS device_id,
    MAX(f.enrollment_group) AS enrollment_group,
    MAX(f.dps) AS dps,
    NULL AS hub,
    MIN(f.time) AS first_seen,
    MAX(f.time) AS last_seen,
    COUNT(*) AS occurrences,
    'endorsement-key' AS reason,
    'certain' AS confidence,
    MIN(f.evidence) AS evidence,
    MAX(f.evidence) AS evidence_2,
    NULL AS evidence_3
FROM failed f
JOIN suspects s ON s.registration = f.registration
LEFT JOIN worked w ON w.registration = f.registration
WHERE w.time IS NULL OR f.time > w.time
GROUP BY f.registration
HAVING COUNT(*) >= :count
