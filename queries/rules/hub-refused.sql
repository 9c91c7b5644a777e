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
WITH refused AS MATERIALIZED (
    SELECT device, device_id, module, COALESCE(hub, '') AS hub, refusals, first_time, last_time, code, least_code, greatest_code, codes,
        evidence, evidence_2, SUBSTR(COALESCE(text, 'refused'), 1, 160) AS text
    FROM refusal_runs
    WHERE refusals >= :count AND last_time - first_time >= :minutes * 60000000 OR refusals >= :many
),
ordered AS (
    SELECT refused.*,
        ROW_NUMBER() OVER (PARTITION BY device ORDER BY last_time DESC, evidence_2 DESC, module DESC) AS n
    FROM refused
),
told AS (
    SELECT device, MIN(device_id) AS device_id, MAX(CASE WHEN n = 1 THEN hub END) AS hub,
        MAX(CASE WHEN n = 1 THEN code END) AS code, MAX(CASE WHEN n = 1 THEN text END) AS text, MAX(module) AS module,
        MIN(first_time) AS begins, MAX(last_time) AS ends, SUM(refusals) AS refusals, MIN(evidence) AS evidence,
        MAX(evidence_2) AS evidence_2, MIN(least_code) AS least_code, MAX(greatest_code) AS greatest_code,
        -- Of several modules with one or two codes each: how many there are at most, and at least.
        MAX(codes) AS codes, COUNT(DISTINCT least_code) + COUNT(DISTINCT greatest_code) AS ends_of_codes
    FROM ordered
    GROUP BY device
)
SELECT
    t.device_id AS subject,
    d.registration_id AS registration_id,
    t.device_id AS device_id,
    d.enrollment_group AS enrollment_group,
    NULL AS dps,
    t.hub AS hub,
    t.begins AS first_seen,
    t.ends AS last_seen,
    t.refusals AS occurrences,
    CASE WHEN t.code > 0 THEN 'code-' || t.code ELSE 'no-code' END || ' ' || t.text AS reason,
    'certain' AS confidence,
    t.evidence AS evidence,
    t.evidence_2 AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN t.codes < 3 AND (t.ends_of_codes <= 2 OR t.code IN (t.least_code, t.greatest_code)) THEN t.least_code || ',' || t.greatest_code END AS codes,
    CASE WHEN t.code > 0 THEN 'code ' || t.code ELSE 'no code' END || ': ' || t.text
        || CASE WHEN t.least_code <> t.greatest_code THEN '; also code ' || CASE WHEN t.least_code < t.code THEN t.least_code ELSE t.greatest_code END ELSE '' END
        || CASE WHEN t.module <> '' THEN '; module ' || t.module ELSE '' END AS said
FROM told t
JOIN device_totals d ON d.device = t.device
