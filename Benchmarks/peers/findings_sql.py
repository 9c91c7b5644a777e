"""The three findings over a table of events, in the SQL that SQLite and DuckDB share.

`events(t, kind, device, hub, status, code, attestation, correlation)`: t in microseconds; kind is registration or connect; status is
assigned, accepted, failed, connected or refused. The definitions are those of dpslens: a record that an attestation log
and a registration log tell of the same answer is one attempt.
"""

REGISTRATIONS = """
WITH told AS (
    SELECT DISTINCT device, t, hub, status, code, attestation, correlation FROM events WHERE kind = 'registration'
),
marked AS (
    SELECT told.*,
        LAG(t) OVER (PARTITION BY device ORDER BY t, status) AS before,
        LAG(status) OVER (PARTITION BY device ORDER BY t, status) AS status_before
    FROM told
),
attempts AS (
    SELECT device, t, hub, status, code, attestation FROM marked
    WHERE before IS NULL OR t - before > 120000000
        OR NOT (status = 'accepted' AND status_before IN ('accepted', 'assigned'))
)
"""

REGISTRATION_LOOP = REGISTRATIONS + """,
answered AS (
    SELECT device, t, LAG(t, 4) OVER (PARTITION BY device ORDER BY t) AS fifth
    FROM attempts WHERE status IN ('assigned', 'accepted')
)
SELECT DISTINCT device FROM answered WHERE t - fifth <= 3600000000
"""

KEY_DERIVATION_FAILURE = REGISTRATIONS + """,
runs AS (
    SELECT device, status, code, attestation,
        SUM(CASE WHEN status IN ('assigned', 'accepted') THEN 1 ELSE 0 END) OVER (
            PARTITION BY device ORDER BY t ROWS UNBOUNDED PRECEDING
        ) AS successes
    FROM attempts
)
SELECT DISTINCT device FROM (
    SELECT device FROM runs WHERE status = 'failed' AND code BETWEEN 401000 AND 401999 AND COALESCE(attestation, '') <> 'x509'
    GROUP BY device, successes HAVING COUNT(*) >= 3
) AS long_runs
"""

ASSIGNED_THEN_REFUSED = REGISTRATIONS + """,
windows AS (
    SELECT device, hub, status, t,
        LEAD(t, 1, 9000000000000000) OVER (PARTITION BY device ORDER BY t) AS next
    FROM attempts
)
SELECT DISTINCT device FROM (
    SELECT w.device, w.t
    FROM windows w
    JOIN events c ON c.device = w.device AND c.hub = w.hub AND c.kind = 'connect'
        AND c.t >= w.t - 5000000 AND c.t <= w.t + 600000000 AND c.t < w.next
    WHERE w.status = 'assigned'
    GROUP BY w.device, w.t
    HAVING SUM(CASE WHEN c.status = 'connected' THEN 1 ELSE 0 END) = 0
) AS refused
"""

ALL = {
    "assigned-then-refused": ASSIGNED_THEN_REFUSED,
    "key-derivation-failure": KEY_DERIVATION_FAILURE,
    "registration-loop": REGISTRATION_LOOP,
}


def show(run):
    """Prints `rule,subject` lines in order; `run` gives the devices of a query."""
    lines = [f"{rule},{device}" for rule, sql in ALL.items() for device in run(sql)]
    print("\n".join(sorted(lines)))
