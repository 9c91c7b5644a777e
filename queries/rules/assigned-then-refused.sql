-- rule: assigned-then-refused
-- title: Provisioned, then refused by the assigned hub
-- severity: critical
-- subject: device
-- confidence: certain
-- family: first-contact
-- holds: yes
-- errors: hub
-- parameter: window_minutes = 10: how long after the assignment a contact counts
-- registry: hub, hub-certificate
-- end: refused
-- needs: dps, hub
-- why: The device has a fresh assignment that it cannot use; it will go on trying until somebody acts.
-- causes: The hub holds another key or thumbprint than the enrollment; the identity is disabled or deleted in the
--     hub; a module id is used as the client id; the device clock is off by more than five minutes.
-- fix: Compare the device's authentication in the hub with its enrollment, enable the identity, or delete its
--     registration record and let it register again.
-- not this: One refusal that a success follows within the window; a refusal long after the assignment
--     (hub-credential-rejected); the renewal of a token; a refusal at one of several hubs where no log says which hub
--     DPS assigned. Where the logs know of one hub alone, and it accepts other devices of the DPS instance, that hub is
--     taken for the assigned one, and the finding is possible, not certain.
-- references: docs/correlation.md, journeys; IoT Hub troubleshooting, 401003, 404001, 403012
-- summary: {device_id} was assigned to {hub} and then refused there ({said}), {occurrences} times
WITH only_hub AS MATERIALIZED (
    SELECT MIN(instance) AS hub FROM coverage WHERE service = 'hub' HAVING COUNT(DISTINCT instance) = 1
),
provisioning AS MATERIALIZED (
    SELECT DISTINCT j.dps AS dps, j.hub AS hub
    FROM only_hub o
    JOIN journeys j ON j.hub = o.hub AND j.journey = 'connected'
),
unlogged AS MATERIALIZED (
    SELECT j.registration_id AS registration_id, j.device AS device, j.device_id AS device_id, j.enrollment_group AS enrollment_group, j.dps AS dps, p.hub AS hub, j.assigned AS assigned, r.first_time AS first_time, j.evidence AS evidence
    FROM provisioning p
    JOIN journeys j ON j.dps = p.dps AND j.journey = 'undetermined' AND j.reason = 'assignment-not-logged'
    JOIN refusal_runs r ON r.device = j.device AND r.module = '' AND r.hub = p.hub
    WHERE r.first_time >= j.assigned AND r.first_time - j.assigned <= :window_minutes * 60000000
),
first_refusals AS MATERIALIZED (
    -- Of the same moment there may be as many as there are devices.
    SELECT device, time, code, evidence
    FROM unexplained_errors
    WHERE is_refusal = 1 AND time IN (SELECT first_time FROM unlogged)
),
struck AS MATERIALIZED (
    SELECT registration_id, device, device_id, enrollment_group, dps, hub, assigned, contact_time, contact_code, basis, evidence,
        contact_evidence
    FROM journeys
    WHERE journey = 'refused' AND delay <= :window_minutes * 60000000
    UNION ALL
    SELECT u.registration_id AS registration_id, u.device AS device, u.device_id AS device_id, u.enrollment_group AS enrollment_group, u.dps AS dps, u.hub AS hub, u.assigned AS assigned, u.first_time AS first_time, MIN(t.code),
        'only-hub', u.evidence AS evidence, MIN(t.evidence)
    FROM unlogged u
    JOIN first_refusals t ON t.device = u.device AND t.time = u.first_time
    GROUP BY u.registration_id, u.device, u.device_id, u.enrollment_group, u.dps, u.hub, u.assigned, u.first_time, u.evidence
),
refusals AS MATERIALIZED (
    SELECT device, time, evidence,
        SUBSTR(CASE WHEN error_message <> '' THEN error_message WHEN result_description <> '' THEN result_description ELSE 'refused' END, 1, 160) AS text
    FROM unexplained_errors
    WHERE is_refusal = 1 AND time IN (SELECT contact_time FROM struck)
),
texts AS MATERIALIZED (
    SELECT t.evidence AS evidence, MAX(t.text) AS text
    FROM struck s
    JOIN refusals t ON t.time = s.contact_time AND t.device = s.device
    GROUP BY t.evidence
)
SELECT
    s.device_id AS subject,
    MIN(s.registration_id) AS registration_id,
    s.device_id AS device_id,
    MAX(s.enrollment_group) AS enrollment_group,
    MAX(s.dps) AS dps,
    MAX(s.hub) AS hub,
    MIN(s.assigned) AS first_seen,
    CASE WHEN MIN(q.first_time) <= MAX(s.contact_time) AND MAX(q.last_time) > MAX(s.contact_time)
        THEN MAX(q.last_time) ELSE MAX(s.contact_time) END AS last_seen,
    COUNT(*) AS occurrences,
    'refused-' || COALESCE(MIN(s.contact_code), 0) AS reason,
    CASE WHEN MIN(CASE WHEN s.basis = 'only-hub' THEN 1 ELSE 0 END) = 1 THEN 'possible'
        WHEN MIN(CASE WHEN s.basis IN ('logged', 'snapshot', 'enrollment') THEN 1 ELSE 0 END) = 1 THEN 'certain' ELSE 'likely' END AS confidence,
    MIN(s.evidence) AS evidence,
    MIN(s.contact_evidence) AS evidence_2,
    CASE WHEN COUNT(*) > 1 THEN MAX(s.evidence) END AS evidence_3,
    'code ' || COALESCE(MIN(s.contact_code), 0) || ': ' || COALESCE(MAX(t.text), 'no text was logged') AS said,
    CASE WHEN MIN(s.contact_code) >= 429000 OR MIN(s.contact_code) IN (403001, 403002, 404012, 401001)
        THEN 'The hub itself could not take it: look at its health, its quota and its failovers, and let the device wait longer each time it tries.' END AS fix
FROM struck s
LEFT JOIN texts t ON t.evidence = s.contact_evidence
LEFT JOIN refusal_runs q ON q.device = s.device AND q.module = ''
GROUP BY s.device_id
