-- rule: linked-hub-unusable
-- title: DPS cannot use a linked hub
-- severity: critical
-- subject: dps
-- confidence: certain
-- family: allocation
-- holds: yes
-- parameter: devices = 3: different devices
-- needs: dps
-- why: DPS accepts the devices and cannot make their identities: no device that is given to this hub can be
--     provisioned.
-- causes: The key of the hub policy that DPS uses was regenerated, or the policy lost its registry rights.
-- fix: Unlink the hub from DPS and link it again with a policy that may read and write the registry.
-- not this: Devices whose own key is not accepted: there the answer is plainly 401002.
-- references: contracts; DPS, linked hubs; catalogue of checks, provisioning
-- summary: {subject}: {occurrences} devices failed because DPS may not use the hub (IotHubUnauthorizedAccess)
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
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    MAX(evidence) AS evidence_2,
    NULL AS evidence_3,
    CASE WHEN MAX(hub) IS NULL THEN 'dps' ELSE 'hub' END AS subject_kind
FROM registrations
WHERE outcome = 'failed' AND dps IS NOT NULL
    AND (error_message LIKE '%IotHubUnauthorizedAccess%' OR result_description LIKE '%IotHubUnauthorizedAccess%')
GROUP BY COALESCE(hub, dps)
HAVING COUNT(DISTINCT registration) >= :devices
