-- Devices that ask DPS most often.
SELECT MIN(registration_id) AS registration_id, COUNT(*) AS attempts,
    SUM(CASE WHEN outcome IN ('assigned', 'accepted') THEN 1 ELSE 0 END) AS successes, MIN(time_utc) AS first_seen,
    MAX(time_utc) AS last_seen
FROM attempts
GROUP BY registration_key
ORDER BY attempts DESC, registration_id
LIMIT 100
