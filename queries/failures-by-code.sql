-- Errors of both services by code, explained ones of hubs included.
SELECT service, code, kind, outcome, SUM(copies) AS records, COUNT(DISTINCT identity) AS devices
FROM events
WHERE outcome IN ('failed', 'refused', 'dropped', 'throttled', 'disabled')
GROUP BY service, code, kind, outcome
ORDER BY records DESC, service, code, kind, outcome
