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
WITH failed AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.attestation AS attestation, r.time AS time, r.attempt AS attempt,
        r.code AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE 'no text was logged' END, 1, 160) AS text
    FROM attempts r
    JOIN registration_totals t ON t.registration = r.registration
    WHERE t.failures >= :count AND r.time >= t.failing_since AND r.outcome = 'failed'
        AND (
            r.error_message LIKE '%ndorsement key%' OR r.result_description LIKE '%ndorsement key%'
            -- The same code is that of a registration id which is not allowed; the text tells them apart.
            OR r.code = 400004 AND r.attestation = 'tpm' AND r.error_message NOT LIKE '%egistration%'
                AND r.result_description NOT LIKE '%egistration%'
        )
        AND r.registration IN (SELECT registration FROM registration_totals WHERE failures >= :count)
),
ordered AS (
    SELECT failed.*, ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time DESC, attempt DESC) AS n FROM failed
)
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
    'endorsement-key' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    COALESCE('code ' || MAX(CASE WHEN n = 1 THEN code END) || ': ', '') || MAX(CASE WHEN n = 1 THEN text END) AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count
