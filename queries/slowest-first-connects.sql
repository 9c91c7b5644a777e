-- The longest waits from an assignment to the first contact.
SELECT registration_id, device_id, hub, assigned_utc, delay / 1000000 AS seconds, journey
FROM journeys
WHERE contact_time IS NOT NULL
ORDER BY delay DESC, registration_id, assigned_utc
LIMIT 50
