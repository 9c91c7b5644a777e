-- rule: unknown-enrollment
-- title: No enrollment for this registration id
-- severity: medium
-- subject: device
-- confidence: certain
-- family: enrollments
-- holds: yes
-- errors: dps 404
-- parameter: count = 1: answers 404 with no success after them
-- registry: not-enrolled
-- end: failed
-- needs: dps
-- why: The device asks an instance that does not know it, and cannot be provisioned.
-- causes: The enrollment was deleted or never made; the id has a typing error; the device has the scope of another
--     DPS instance.
-- fix: Compare the id with the enrollments and the device's id scope with the instance; then make the enrollment or
--     mend the device.
-- not this: Failures with another answer than 404; an id that DPS let in since: somebody made the enrollment.
-- references: DPS troubleshooting, 404
-- summary: {registration_id} has no enrollment in {dps} ({occurrences} times; {said})
WITH failed AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.attestation AS attestation, r.time AS time, r.attempt AS attempt,
        r.code AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE 'Not found' END, 1, 160) AS text
    FROM attempts r
    JOIN registration_totals t ON t.registration = r.registration
    WHERE t.failures >= :count AND r.time >= t.failing_since AND r.outcome = 'failed' AND (r.code = 404 OR r.code BETWEEN 404000 AND 404999)
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
    'not-found' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    COALESCE('code ' || MAX(CASE WHEN n = 1 THEN code END) || ': ', '') || MAX(CASE WHEN n = 1 THEN text END) AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count
