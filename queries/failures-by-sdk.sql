-- Refused connections by SDK, as a share of its connect attempts.
SELECT COALESCE(sdk, '(not logged)') AS sdk, SUM(CASE WHEN outcome = 'refused' THEN copies ELSE 0 END) AS refused,
    SUM(copies) AS attempts,
    SUM(CASE WHEN outcome = 'refused' THEN copies ELSE 0 END) * 100 / SUM(copies) AS percent
FROM contacts
GROUP BY COALESCE(sdk, '(not logged)')
ORDER BY percent DESC, refused DESC, sdk
