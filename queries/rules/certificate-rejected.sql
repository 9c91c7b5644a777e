-- rule: certificate-rejected
-- title: Certificate is not accepted by DPS
-- severity: high
-- subject: device
-- confidence: certain
-- family: certificates
-- holds: yes
-- parameter: count = 3: failures with no success between
-- needs: dps
-- why: The device presents a certificate that DPS does not accept, and will never be provisioned until that is
--     mended.
-- causes: The certificate or an issuer has expired; the intermediate certificate is not sent; the CA is not verified
--     in DPS; the common name is not the registration id; the enrollment holds an older certificate.
-- fix: Look at the dates and the common name of the certificate, send the whole chain, and verify the CA in DPS.
-- not this: One failure that a success follows; failures of keys (key-derivation-failure).
-- references: contracts; DPS, X.509 attestation; DPS troubleshooting, 401
-- summary: {registration_id} was rejected {occurrences} times with its certificate ({reason})
WITH judged AS (
    SELECT registration, attestation, time, evidence, attempt, code,
        CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END AS is_success,
        CASE WHEN outcome = 'failed' AND (code = 401 OR code BETWEEN 401000 AND 401999) AND COALESCE(error_message, '') NOT LIKE '%ErrorCode:IotHubUnauthorizedAccess%'
            AND (attestation = 'x509' OR attestation IS NULL AND (result_description LIKE '%ertificate%' OR error_message LIKE '%ertificate%')) THEN 1 ELSE 0 END AS is_failure
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
    CASE WHEN MIN(COALESCE(r.attestation, '')) = '' THEN 'likely' ELSE 'certain' END AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence_2) AS evidence_2,
    NULL AS evidence_3
FROM runs r
JOIN registration_totals n ON n.registration = r.registration
GROUP BY n.registration_id, n.device_id, n.enrollment_group, n.dps
