-- Registrations and failures in every hour.
SELECT MIN(time_utc) AS first_in_hour, COUNT(*) AS registrations,
    SUM(CASE WHEN outcome IN ('failed', 'throttled', 'disabled') THEN 1 ELSE 0 END) AS failures
FROM attempts
GROUP BY time / 3600000000
ORDER BY first_in_hour
