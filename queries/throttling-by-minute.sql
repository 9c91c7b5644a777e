-- Answers 429 of DPS in every minute.
SELECT MIN(time_utc) AS first_in_minute, COUNT(*) AS throttled, COUNT(DISTINCT registration_key) AS devices
FROM attempts
WHERE outcome = 'throttled'
GROUP BY time / 60000000
ORDER BY first_in_minute
