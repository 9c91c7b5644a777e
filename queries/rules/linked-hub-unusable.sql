-- rule: linked-hub-unusable
-- title: DPS cannot use a linked hub
-- severity: critical
-- subject: dps
-- confidence: certain
-- family: allocation
-- holds: yes
-- errors: dps 401, 400
-- absence: devices dps
-- parameter: devices = 3: different devices
-- parameter: share_percent = 90, at least 51: of the devices that had a hub before, so that it is named where the log does not
-- registry: linked-hub
-- end: failed
-- needs: dps
-- why: DPS accepts the devices and cannot make their identities: no device that is given to this hub can be
--     provisioned.
-- causes: The key of the hub policy that DPS uses was regenerated, or the policy lost its registry rights.
-- fix: Unlink the hub from DPS and link it again with a policy that may read and write the registry.
-- not this: One or two devices (registration-refused); devices whose own key is not accepted: there the answer is plainly 401002.
-- references: DPS, linked hubs
-- summary: {subject}: {occurrences} devices failed because DPS may not use the hub (IotHubUnauthorizedAccess)
WITH failed AS (
    SELECT registration, dps, hub, time, evidence
    FROM attempts
    WHERE failure = 'hub-credential' AND dps IS NOT NULL
),
homes AS (
    SELECT f.dps AS dps, d.hub AS hub, COUNT(DISTINCT f.registration) AS devices
    FROM failed f
    JOIN device_totals d ON d.registration = f.registration
    WHERE f.hub IS NULL AND d.hub IS NOT NULL
    GROUP BY f.dps, d.hub
),
shares AS (
    SELECT dps, hub, devices, SUM(devices) OVER (PARTITION BY dps) AS of_all FROM homes
),
likely AS (
    SELECT dps, hub FROM shares WHERE devices >= :devices AND devices * 100 >= of_all * :share_percent
),
placed AS (
    SELECT f.registration AS registration, f.dps AS dps, COALESCE(f.hub, l.hub) AS hub, f.time AS time, f.evidence AS evidence,
        CASE WHEN f.hub IS NULL AND l.hub IS NOT NULL THEN 1 ELSE 0 END AS is_inferred
    FROM failed f
    LEFT JOIN likely l ON l.dps = f.dps
)
SELECT
    COALESCE(hub, dps) AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    MAX(dps) AS dps,
    MAX(hub) AS hub,
    MIN(time) AS first_seen,
    MAX(time) AS last_seen,
    COUNT(DISTINCT registration) AS occurrences,
    'IotHubUnauthorizedAccess' AS reason,
    CASE WHEN MAX(is_inferred) = 1 THEN 'likely' ELSE 'certain' END AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN MAX(hub) IS NULL THEN 'dps' ELSE 'hub' END AS subject_kind
FROM placed
GROUP BY COALESCE(hub, dps)
HAVING COUNT(DISTINCT registration) >= :devices
