-- Covered hours and records of every stream by day.
SELECT service, instance, category, SUBSTR(hour_utc, 1, 10) AS day, COUNT(*) AS hours, SUM(records) AS records
FROM coverage
GROUP BY service, instance, category, SUBSTR(hour_utc, 1, 10)
ORDER BY service, instance, category, day
