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
WITH refused AS (
    SELECT f.registration_id AS registration_id, f.device_id AS device_id, f.enrollment_group AS enrollment_group, f.dps AS dps, f.first_time AS first_time, f.last_time AS last_time, f.failures AS failures, f.code AS code,
        f.least_code AS least_code, f.greatest_code AS greatest_code, f.codes AS codes, f.evidence AS evidence, f.evidence_2 AS evidence_2,
        SUBSTR(COALESCE(f.text, f.outcome), 1, 160) AS text
    FROM failure_runs f
    JOIN registration_totals t ON t.registration = f.registration
    LEFT JOIN device_totals d ON d.device = t.device
    WHERE f.is_open = 1
        AND (f.failures >= :count AND f.last_time - f.first_time >= :minutes * 60000000 OR f.failures >= :many)
        AND (d.last_connected IS NULL OR d.last_connected < f.last_time)
)
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
    CASE WHEN code > 0 THEN 'code-' || code ELSE 'no-code' END || ' ' || text AS reason,
    'certain' AS confidence,
    evidence AS evidence,
    evidence_2 AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN codes < 3 THEN least_code || ',' || greatest_code END AS codes,
    CASE WHEN code > 0 THEN 'code ' || code ELSE 'no code' END || ': ' || text
        || CASE WHEN codes > 1 THEN '; also code ' || CASE WHEN least_code < code THEN least_code ELSE greatest_code END ELSE '' END AS said
FROM refused
