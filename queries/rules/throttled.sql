-- rule: throttled
-- title: Throttled by DPS
-- severity: medium
-- subject: device
-- confidence: certain
-- family: throttling
-- parameter: count = 2: answers 429
-- needs: dps
-- why: The DPS instance has reached its limit of registrations a minute; devices wait or give up.
-- causes: A roll-out or a mass restart without spreading; devices that poll too often.
-- fix: Spread the roll-out over time, let devices wait as long as retry-after says, with a random part.
-- not this: A single 429 that a success follows.
-- references: contracts; DPS quotas and limits; DPS, deploy at scale
-- summary: {registration_id} was throttled {occurrences} times by {dps}
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
    '429' AS reason,
    'certain' AS confidence,
    MIN(evidence) AS evidence,
    CASE WHEN COUNT(*) > 1 THEN MAX(evidence) END AS evidence_2,
    NULL AS evidence_3
FROM registrations
WHERE outcome = 'throttled'
GROUP BY registration_key
HAVING COUNT(*) >= :count
