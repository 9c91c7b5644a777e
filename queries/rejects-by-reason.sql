-- What could not be read, by reason, with one place each.
SELECT reason, COUNT(*) AS rejects, COUNT(DISTINCT file) AS files, MIN(evidence) AS example
FROM rejects
GROUP BY reason
ORDER BY rejects DESC, reason
