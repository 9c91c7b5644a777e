-- rule: hub-refused
-- title: A hub refuses a device again and again
-- severity: high
-- subject: device
-- confidence: certain
-- family: hub-refused
-- holds: yes
-- errors: hub
-- catch-all: yes
-- absence: between hub; after hub
-- parameter: count = 3: refusals with no success after them
-- parameter: minutes = 10: from the first to the last, at least
-- parameter: many = 5: or so many, however close
-- end: refused
-- needs: hub
-- why: The device cannot connect, and what the hub answers does not change by asking again.
-- causes: The code says it. 401: key, token, certificate, or the clock of the device; 403 and 404: the identity or the
--     module is disabled or is not there, or the hub is suspended; 409: the identity is in use; 429, 5xx: the hub is
--     overloaded or in trouble.
-- fix: Read the code and the hub's message. From 400 to 404 compare the identity in the hub with what the device
--     presents; at 429 and from 500 on look at quota and health of the hub, and let the device wait longer each time.
-- not this: Refusals that another rule names; the refusal that comes with the renewal of a token; refusals that a
--     success at any hub followed, as of a device that asks its old hub first.
-- references: IoT Hub troubleshooting, error codes
-- summary: {hub} refused {device_id} {occurrences} times and no hub let it in since ({said})
WITH runs AS MATERIALIZED (
    SELECT device, module, first_time
    FROM refusal_runs
    WHERE refusals >= :count AND last_time - first_time >= :minutes * 60000000 OR refusals >= :many
),
refused AS MATERIALIZED (
    SELECT t.device AS device, t.device_id AS device_id, COALESCE(t.module, '') AS module, t.hub AS hub, t.time AS time, COALESCE(t.code, 0) AS code, t.copies AS copies,
        t.evidence AS evidence,
        SUBSTR(CASE WHEN t.error_message <> '' THEN t.error_message WHEN t.result_description <> '' THEN t.result_description ELSE 'refused' END, 1, 160) AS text
    FROM unexplained_errors t
    WHERE t.is_refusal = 1 AND t.device IN (SELECT device FROM runs)
),
ordered AS (
    SELECT f.*, ROW_NUMBER() OVER (PARTITION BY f.device ORDER BY f.time DESC, f.evidence DESC) AS n
    FROM refused f
    JOIN runs r ON r.device = f.device AND r.module = f.module AND f.time >= r.first_time
)
SELECT
    MIN(o.device_id) AS subject,
    MAX(d.registration_id) AS registration_id,
    MIN(o.device_id) AS device_id,
    MAX(d.enrollment_group) AS enrollment_group,
    NULL AS dps,
    MAX(CASE WHEN n = 1 THEN o.hub END) AS hub,
    MIN(o.time) AS first_seen,
    MAX(o.time) AS last_seen,
    SUM(o.copies) AS occurrences,
    CASE WHEN MAX(CASE WHEN n = 1 THEN o.code END) > 0 THEN 'code-' || MAX(CASE WHEN n = 1 THEN o.code END) ELSE 'no-code' END || ' ' || MAX(CASE WHEN n = 1 THEN o.text END) AS reason,
    'certain' AS confidence,
    MIN(o.evidence) AS evidence,
    MAX(o.evidence) AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN COUNT(DISTINCT o.code) < 3 THEN MIN(o.code) || ',' || MAX(o.code) END AS codes,
    CASE WHEN MAX(CASE WHEN n = 1 THEN o.code END) > 0 THEN 'code ' || MAX(CASE WHEN n = 1 THEN o.code END) ELSE 'no code' END || ': ' || MAX(CASE WHEN n = 1 THEN o.text END)
        || CASE WHEN COUNT(DISTINCT o.code) > 1 THEN '; also code ' || CASE WHEN MIN(o.code) < MAX(CASE WHEN n = 1 THEN o.code END) THEN MIN(o.code) ELSE MAX(o.code) END ELSE '' END
        || CASE WHEN MAX(o.module) <> '' THEN '; module ' || MAX(o.module) ELSE '' END AS said
FROM ordered o
JOIN device_totals d ON d.device = o.device
GROUP BY o.device
HAVING SUM(o.copies) >= :count AND MAX(o.time) - MIN(o.time) >= :minutes * 60000000 OR SUM(o.copies) >= :many
