-- rule: registration-refused
-- title: DPS refuses a device again and again
-- severity: high
-- subject: device
-- confidence: certain
-- family: registration-refused
-- holds: yes
-- errors: dps
-- catch-all: yes
-- absence: between dps; after dps
-- parameter: count = 3: refusals with no success after them
-- parameter: minutes = 10: from the first to the last, at least
-- parameter: many = 5: or so many, however close
-- end: failed
-- needs: dps
-- why: The device cannot be provisioned, and what DPS answers does not change by asking again.
-- causes: The answer says it. 400: a registration id with characters that are not allowed, or a request that DPS cannot
--     read; 401: an attestation that is none of the common mistakes; 403: no right to do this; 405, 415: a request
--     that the client library makes wrongly; 409, 412: two registrations of one id at once; 5xx: trouble inside DPS.
-- fix: Read the answer that is quoted. Below 500 the request is wrong and the device, its id or its client has to
--     change; from 500 on look at the service health of the region, and let the device wait between its attempts.
-- not this: Refusals that another rule names (keys, certificates, enrollments, throttling, allocation); a few refusals
--     that a success at DPS, or a connection to a hub, followed.
-- references: DPS troubleshooting
-- summary: {dps} refused {registration_id} {occurrences} times and never let it in since ({said})
WITH suspects AS MATERIALIZED (
    SELECT t.registration AS registration, t.failing_since AS failing_since
    FROM registration_totals t
    LEFT JOIN device_totals d ON d.device = t.device
    WHERE (t.failures >= :count AND t.last_failed - t.failing_since >= :minutes * 60000000 OR t.failures >= :many)
        AND (d.last_connected IS NULL OR d.last_connected < t.last_failed)
),
refused AS MATERIALIZED (
    SELECT r.registration AS registration, r.registration_id AS registration_id, r.device_id AS device_id, r.enrollment_group AS enrollment_group, r.dps AS dps, r.time AS time, r.attempt AS attempt,
        COALESCE(r.code, 0) AS code, r.evidence AS evidence,
        SUBSTR(CASE WHEN r.error_message <> '' THEN r.error_message WHEN r.result_description <> '' THEN r.result_description ELSE r.outcome END, 1, 160) AS text
    FROM attempts r
    JOIN suspects s ON s.registration = r.registration
    WHERE r.time >= s.failing_since AND r.outcome IN ('failed', 'disabled', 'throttled')
),
ordered AS (
    SELECT refused.*, ROW_NUMBER() OVER (PARTITION BY registration ORDER BY time DESC, attempt DESC) AS n
    FROM refused
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
    CASE WHEN MAX(CASE WHEN n = 1 THEN code END) > 0 THEN 'code-' || MAX(CASE WHEN n = 1 THEN code END) ELSE 'no-code' END || ' ' || MAX(CASE WHEN n = 1 THEN text END) AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN COUNT(DISTINCT code) < 3 THEN MIN(code) || ',' || MAX(code) END AS codes,
    CASE WHEN MAX(CASE WHEN n = 1 THEN code END) > 0 THEN 'code ' || MAX(CASE WHEN n = 1 THEN code END) ELSE 'no code' END || ': ' || MAX(CASE WHEN n = 1 THEN text END)
        || CASE WHEN COUNT(DISTINCT code) > 1 THEN '; also code ' || CASE WHEN MIN(code) < MAX(CASE WHEN n = 1 THEN code END) THEN MIN(code) ELSE MAX(code) END ELSE '' END AS said
FROM ordered
GROUP BY registration
HAVING COUNT(*) >= :count AND MAX(time) - MIN(time) >= :minutes * 60000000 OR COUNT(*) >= :many
