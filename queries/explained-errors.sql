-- Errors that are normal life, by pattern and hub.
SELECT pattern, instance, SUM(events) AS records, COUNT(DISTINCT device_id) AS devices
FROM explained_errors
GROUP BY pattern, instance
ORDER BY records DESC, pattern, instance
