-- rule: disabled-enrollment-retried
-- title: A disabled enrollment keeps asking
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- errors: dps
-- parameter: count = 3: attempts answered disabled, with no success after them
-- registry: disabled
-- end: disabled
-- needs: dps
-- why: Somebody switched this enrollment off, and the device does not give up.
-- causes: A deliberate block; an enrollment that was disabled for a repair and forgotten; a stolen or retired device.
-- fix: Find out whether the block is meant. If it is, leave it and stop the device; only if it is not, enable the
--     enrollment.
-- not this: One or two attempts after the enrollment was disabled.
-- references: DPS, how to disenroll a device
-- summary: {registration_id} asked {occurrences} times although its enrollment is disabled ({said})
WITH failed AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.attestation AS attestation, r.time AS time, r.attempt AS attempt,
        r.code AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE 'disabled' END, 1, 160) AS text
    FROM attempts r
    JOIN registration_totals t ON t.registration = r.registration
    WHERE t.failures >= :count AND r.time >= t.failing_since AND r.outcome = 'disabled'
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
    'disabled' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    COALESCE('code ' || MAX(CASE WHEN n = 1 THEN code END) || ': ', '') || MAX(CASE WHEN n = 1 THEN text END) AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count
