-- Devices that more than one hub accepted.
SELECT device_id, COUNT(DISTINCT hub) AS hubs, MIN(hub) AS one_hub, MAX(hub) AS another_hub, MAX(time_utc) AS last_seen
FROM contacts
WHERE outcome = 'connected'
GROUP BY device_id
HAVING COUNT(DISTINCT hub) > 1
ORDER BY device_id
