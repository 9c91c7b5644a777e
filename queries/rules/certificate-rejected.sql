-- rule: certificate-rejected
-- title: Certificate is not accepted by DPS
-- severity: high
-- subject: device
-- confidence: certain
-- family: certificates
-- holds: yes
-- errors: dps 401
-- absence: between dps
-- parameter: count = 3: failures with no success after them
-- registry: refused-certificate
-- end: failed
-- needs: dps
-- why: The device presents a certificate that DPS does not accept, and will never be provisioned until that is
--     mended.
-- causes: The certificate or an issuer has expired; the intermediate certificate is not sent; the CA is not verified
--     in DPS; the common name is not the registration id; the enrollment holds an older certificate.
-- fix: Look at the dates and the common name of the certificate, send the whole chain, and verify the CA in DPS.
-- not this: Failures that a success follows (recovered); failures of keys (key-derivation-failure).
-- references: DPS, X.509 attestation; DPS troubleshooting, 401
-- summary: {registration_id} was rejected {occurrences} times with its certificate ({said})
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
    CASE WHEN attestation IS NULL THEN 'likely' ELSE 'certain' END AS confidence,
    evidence AS evidence,
    CASE WHEN failures > 1 THEN evidence_2 END AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN code > 0 THEN 'code ' || code || ': ' ELSE '' END || SUBSTR(COALESCE(text, 'no text was logged'), 1, 160) AS said
FROM failure_run_classes
WHERE failure = 'certificate' AND is_open = 1 AND failures >= :count
