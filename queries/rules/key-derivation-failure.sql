-- rule: key-derivation-failure
-- title: Symmetric key is not accepted by DPS
-- severity: high
-- subject: device
-- confidence: certain
-- family: keys
-- holds: yes
-- parameter: count = 3: failures with no success between
-- needs: dps
-- why: The device presents a key that DPS does not accept, and will never be provisioned until the key is right.
-- causes: The key was derived from another registration id (case, spaces), with the wrong or an undecoded group key,
--     or twice; the group key itself is on the device; the key was regenerated; the device clock is off.
-- fix: Derive the key anew from the group key and the exact registration id, compare it with the one on the device,
--     and look at its clock.
-- not this: One failure that a success follows; the 401 with which every TPM registration begins; failures of
--     certificates (certificate-rejected).
-- references: contracts; DPS, symmetric key attestation; DPS troubleshooting, 401
-- summary: {registration_id} failed {occurrences} times to attest with its key ({reason})
WITH judged AS (
    SELECT registration, attestation, time, evidence, attempt, code,
        CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END AS is_success,
        CASE WHEN outcome = 'failed' AND (code = 401 OR code BETWEEN 401000 AND 401999) AND COALESCE(error_message, '') NOT LIKE '%ErrorCode:IotHubUnauthorizedAccess%'
            AND (attestation = 'symmetricKey' OR attestation IS NULL AND NOT (result_description LIKE '%ertificate%' OR error_message LIKE '%ertificate%')) THEN 1 ELSE 0 END AS is_failure
    FROM registrations
    WHERE registration IN (SELECT registration FROM registration_totals WHERE unauthorized >= :count)
),
numbered AS (
    SELECT judged.*,
        SUM(is_success) OVER (
            PARTITION BY registration ORDER BY time, attempt ROWS UNBOUNDED PRECEDING
        ) AS successes_before
    FROM judged
),
runs AS (
    SELECT registration, successes_before, COUNT(*) AS failures, MIN(time) AS first_seen, MAX(time) AS last_seen,
        MIN(attestation) AS attestation, MIN(code) AS code, MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM numbered
    WHERE is_failure = 1
    GROUP BY registration, successes_before
    HAVING COUNT(*) >= :count
)
SELECT
    n.registration_id AS subject,
    n.registration_id AS registration_id,
    n.device_id AS device_id,
    n.enrollment_group AS enrollment_group,
    n.dps AS dps,
    NULL AS hub,
    MIN(r.first_seen) AS first_seen,
    MAX(r.last_seen) AS last_seen,
    SUM(r.failures) AS occurrences,
    'code-' || MIN(r.code) AS reason,
    CASE WHEN MIN(COALESCE(r.attestation, '')) = '' THEN 'possible' ELSE 'certain' END AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM runs r
JOIN registration_totals n ON n.registration = r.registration
GROUP BY n.registration_id, n.device_id, n.enrollment_group, n.dps
