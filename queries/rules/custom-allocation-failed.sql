-- rule: custom-allocation-failed
-- title: The allocation webhook fails
-- severity: high
-- subject: device
-- confidence: certain
-- family: allocation
-- errors: dps 400, 401, 403, 404, 500
-- absence: between dps
-- parameter: count = 2: failures 400207, or with that message, and no success after them
-- end: failed
-- needs: dps
-- why: The device attested well, but the function that chooses its hub failed, so it has none.
-- causes: The webhook answers an error or too late, its key has changed, or it names a hub that is not linked.
-- fix: Look at the log of the function at these times; answer 200 with a hub out of linkedHubs.
-- not this: Failures that a success follows; failures of attestation.
-- references: DPS, custom allocation policies
-- summary: custom allocation failed {occurrences} times for {registration_id} ({said})
WITH failed AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.attestation AS attestation, r.time AS time, r.attempt AS attempt,
        r.code AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE 'Custom allocation failed' END, 1, 160) AS text
    FROM attempts r
    JOIN registration_totals t ON t.registration = r.registration
    WHERE t.failures >= :count AND r.time >= t.failing_since AND r.outcome = 'failed'
        AND (r.code = 400207 OR r.error_message LIKE 'Custom allocation failed%' OR r.result_description LIKE 'Custom allocation failed%')
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
    'code-' || MIN(code) AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3,
    COALESCE('code ' || MAX(CASE WHEN n = 1 THEN code END) || ': ', '') || MAX(CASE WHEN n = 1 THEN text END) AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count
