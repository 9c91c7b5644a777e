-- rule: orphan-identity
-- title: A hub refuses a device that DPS has never heard of
-- severity: high
-- subject: device
-- confidence: possible
-- family: identities
-- errors: hub 400, 401, 403, 404
-- absence: ever dps; ever hub
-- parameter: count = 3: refusals of its identity or credential
-- parameter: hours = 24: of DPS logs before the first of them, where no exports were read
-- registry: hub, unlinked-hub, unknown-identity
-- needs: dps, hub
-- why: Something knocks with an id that nobody enrolled: an old device that nobody switched off, a wrong tenant, or
--     an attempt to get in.
-- causes: A device that was taken out of service without being switched off; one that belongs to another fleet; a
--     guess.
-- fix: Find it by its masked network; if it is yours enroll it, else block the network or ignore it knowingly with a
--     suppression.
-- not this: A device that DPS assigned before the logs begin: where no exports of DPS were read this cannot be told
--     apart, and the rule needs a day of logs before.
-- references: docs/correlation.md, journeys
-- summary: {hub} refused {device_id} {occurrences} times, and DPS has never heard of it ({said})
WITH exports AS (
    SELECT COUNT(*) AS records FROM registration_records
),
known AS (
    SELECT LOWER(device_id) AS id FROM registration_records WHERE device_id IS NOT NULL
    UNION
    SELECT registration_key FROM registration_records
    UNION
    SELECT LOWER(device_id) FROM enrollments WHERE device_id IS NOT NULL
    UNION
    SELECT enrollment_key FROM enrollments WHERE kind = 'individual'
),
begins AS (
    SELECT MIN(first_time) AS first_time
    FROM coverage
    WHERE service = 'dps' AND tells_of = 'registrations'
),
refusals AS (
    SELECT device_id, hub, COUNT(*) AS refusals, MIN(time) AS begins, MAX(time) AS ends, MIN(network) AS network,
        MAX(code) AS code, MAX(SUBSTR(CASE WHEN error_message <> '' THEN error_message WHEN result_description <> '' THEN result_description ELSE 'refused' END, 1, 160)) AS text,
        MIN(evidence) AS evidence, MAX(evidence) AS evidence_2
    FROM unexplained_errors
    WHERE role = 'refusal' AND device_id IS NOT NULL
        AND failure IN ('credential', 'thumbprint', 'disabled', 'not-found', 'general-refusal')
    GROUP BY device_id, hub
)
SELECT
    r.device_id AS subject,
    NULL AS registration_id,
    r.device_id AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    MAX(r.hub) AS hub,
    MIN(r.begins) AS first_seen,
    MAX(r.ends) AS last_seen,
    SUM(r.refusals) AS occurrences,
    COALESCE('from ' || MIN(r.network), 'network not logged') AS reason,
    CASE WHEN MAX(x.records) > 0 THEN 'likely' ELSE 'possible' END AS confidence,
    MIN(r.evidence) AS evidence,
    MAX(r.evidence_2) AS evidence_2,
    NULL AS evidence_3,
    'code ' || MAX(r.code) || ': ' || MAX(r.text) AS said
FROM refusals r
JOIN device_totals d ON d.device_id = r.device_id
CROSS JOIN exports x
CROSS JOIN begins b
WHERE d.registration IS NULL AND d.connected = 0 AND LOWER(r.device_id) NOT IN (SELECT id FROM known)
    AND LOWER(r.device_id) NOT IN (SELECT registration_key FROM registration_totals)
    AND (x.records > 0 OR b.first_time <= d.first_time - :hours * 3600000000)
GROUP BY r.device_id
HAVING SUM(r.refusals) >= :count
