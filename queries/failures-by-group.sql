-- Failed registrations by enrollment group and code, most first.
SELECT COALESCE(enrollment_group, '(not logged)') AS enrollment_group, code, COUNT(*) AS failures,
    COUNT(DISTINCT registration_key) AS devices
FROM attempts
WHERE outcome = 'failed'
GROUP BY COALESCE(enrollment_group, '(not logged)'), code
ORDER BY failures DESC, enrollment_group, code
