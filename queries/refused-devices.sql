-- Devices that hubs refused without a benign reason, with the last message.
SELECT t.device_id, t.hub, COUNT(*) AS refusals, MAX(t.time_utc) AS last_seen, MAX(t.code) AS code,
    MAX(t.result_description) AS description
FROM unexplained_errors t
WHERE t.role = 'refusal'
GROUP BY t.device_id, t.hub
ORDER BY refusals DESC, t.device_id, t.hub
