-- rule: identity-operations-failing
-- title: Operations on the identities of a hub fail
-- severity: high
-- subject: hub
-- confidence: certain
-- family: throttling
-- errors: hub
-- parameter: count = 20: failed operations within the time
-- parameter: minutes = 10: sliding, ends included
-- needs: hub
-- why: Devices that are being made, changed or deleted in the hub are not: what a roll-out or DPS believes to be there is
--     missing.
-- causes: More registry operations than the units of the hub allow (429); a tool that makes identities that exist
--     (409) or asks for such that do not (404); a policy without the right to write.
-- fix: Read the code. At 429 spread the operations over time, or add units; else mend what the tool asks for, and
--     look which of its operations have to be done again.
-- not this: A few operations that failed; devices that the hub refuses (hub-refused).
-- references: IoT Hub, quotas and throttling, identity registry
-- summary: {hub}: {occurrences} operations on identities failed within spans of {minutes} minutes ({said})
WITH failed AS MATERIALIZED (
    SELECT hub, time, COALESCE(code, 0) AS code, evidence,
        SUBSTR(CASE WHEN error_message <> '' THEN error_message WHEN result_description <> '' THEN result_description ELSE operation END, 1, 160) AS text
    FROM unexplained_errors
    WHERE role = 'identity' AND hub <> ''
),
answers AS (
    SELECT failed.*, ROW_NUMBER() OVER (PARTITION BY hub ORDER BY time, evidence) AS n FROM failed
),
spans AS (
    SELECT answers.*,
        CASE WHEN LEAD(time, :count - 1) OVER (PARTITION BY hub ORDER BY n) - time <= :minutes * 60000000
            THEN 1 ELSE 0 END AS begins
    FROM answers
),
struck AS (
    SELECT spans.*,
        MAX(begins) OVER (PARTITION BY hub ORDER BY n ROWS BETWEEN :count - 1 PRECEDING AND CURRENT ROW) AS is_inside
    FROM spans
),
said AS (
    SELECT hub, code, MAX(text) AS text, COUNT(*) AS times,
        ROW_NUMBER() OVER (PARTITION BY hub ORDER BY COUNT(*) DESC, code) AS n
    FROM struck
    WHERE is_inside = 1
    GROUP BY hub, code
)
SELECT
    s.hub AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    s.hub AS hub,
    MIN(s.time) AS first_seen,
    MAX(s.time) AS last_seen,
    COUNT(*) AS occurrences,
    'code-' || MAX(w.code) AS reason,
    'certain' AS confidence,
    MIN(s.evidence) AS evidence,
    MAX(s.evidence) AS evidence_2,
    NULL AS evidence_3,
    MAX(w.times) || ' times code ' || MAX(w.code) || ': ' || MAX(w.text) AS said
FROM struck s
JOIN said w ON w.hub = s.hub AND w.n = 1
WHERE s.is_inside = 1
GROUP BY s.hub
