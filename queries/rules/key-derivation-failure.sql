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
WITH failed AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.attestation AS attestation, r.time AS time, r.attempt AS attempt,
        r.code AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE 'no text was logged' END, 1, 160) AS text
    FROM attempts r
    JOIN registration_totals t ON t.registration = r.registration
    WHERE t.failures >= :count AND t.unauthorized >= :count AND r.time >= t.failing_since AND r.outcome = 'failed' AND (r.code = 401 OR r.code BETWEEN 401000 AND 401999) AND r.code <> 401001
        AND COALESCE(r.error_message, '') NOT LIKE '%IotHubUnauthorizedAccess%'
        AND COALESCE(r.result_description, '') NOT LIKE '%IotHubUnauthorizedAccess%'
        AND (r.attestation = 'symmetricKey' OR r.attestation IS NULL AND COALESCE(r.result_description, '') NOT LIKE '%ertificate%'
            AND COALESCE(r.error_message, '') NOT LIKE '%ertificate%')
        AND r.registration IN (SELECT registration FROM registration_totals WHERE failures >= :count AND unauthorized >= :count)
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
    'code-' || MIN(code) AS reason,
    CASE WHEN MIN(COALESCE(attestation, '')) = '' THEN 'possible' ELSE 'certain' END AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    COALESCE('code ' || MAX(CASE WHEN n = 1 THEN code END) || ': ', '') || MAX(CASE WHEN n = 1 THEN text END) AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count
