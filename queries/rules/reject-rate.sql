-- rule: reject-rate
-- title: Records or files could not be read
-- severity: medium
-- subject: fleet
-- confidence: certain
-- family: logs
-- parameter: percent = 1: of the records, more than
-- parameter: count = 10: rejected records, at least
-- needs: files
-- why: What could not be read may be the very record that matters; findings may be missing.
-- causes: Truncated downloads, damaged gzip, a wrong export format, text that is no log.
-- fix: Look at `dpslens rejects`, fetch the files again, and run again.
-- not this: A few broken lines in a large export.
-- references: docs/input-formats.md, rejects
-- summary: {occurrences} records or files could not be read ({reason})
WITH totals AS (
    SELECT COALESCE(SUM(lines), 0) AS lines, COALESCE(SUM(rejected), 0) AS rejected,
        COALESCE(SUM(CASE WHEN state <> 'complete' THEN 1 ELSE 0 END), 0) AS broken
    FROM files
    WHERE copy_of IS NULL
),
places AS (
    SELECT MIN(evidence) AS evidence, MAX(evidence) AS evidence_2 FROM rejects
)
SELECT
    'fleet' AS subject,
    NULL AS registration_id,
    NULL AS device_id,
    NULL AS enrollment_group,
    NULL AS dps,
    NULL AS hub,
    NULL AS first_seen,
    NULL AS last_seen,
    t.rejected + t.broken AS occurrences,
    CASE WHEN t.broken > 0 THEN 'broken-files' ELSE 'rejected-records' END AS reason,
    'certain' AS confidence,
    p.evidence AS evidence,
    p.evidence_2 AS evidence_2,
    NULL AS evidence_3
FROM totals t
CROSS JOIN places p
WHERE t.broken > 0 OR (t.rejected >= :count AND t.rejected * 100 > t.lines * :percent)
