"""Runs dpslens and its peers in turn on the same files and writes the table of Benchmarks/RESULTS.md.

Called by scripts/bench, which builds what is needed. Only the standard library: time, processor time and memory are those
of whole processes, as the system counts them (wait4).
"""
import argparse
import csv
import datetime
import difflib
import glob
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = ["duckdb", "chdb", "polars", "orjson_sqlite", "sqlite_utils"]
RULES = {"assigned-then-refused", "key-derivation-failure", "registration-loop"}


class Run:
    """What one process cost: seconds of wall and processor, megabytes at its peak, seconds to its first output."""

    def __init__(self, command, cwd=None):
        begin = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, shell=isinstance(command, str))
        first = process.stdout.read(1)
        self.first = time.monotonic() - begin
        self.out = (first + process.stdout.read()).decode()
        err = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.wall = time.monotonic() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        if process.returncode != 0:
            sys.exit(f"bench: {command} ended with {process.returncode}: {err[-2000:]}")


class Bench:
    def __init__(self, arguments):
        self.rounds = arguments.rounds
        self.folder = arguments.into
        self.dpslens = os.path.join(ROOT, ".build/standalone/release/dpslens")
        self.simulate = os.path.join(ROOT, ".build/standalone/release/simulate-fleet")
        self.python = arguments.python
        self.rows = []

    def load(self, name, events, *options):
        """A folder of logs, made once for the same name."""
        folder = os.path.join(self.folder, name)
        if not os.path.isdir(folder):
            Run([self.simulate, "load", "--events", str(events), "--seed", "1", "--into", folder + ".part", *options])
            os.rename(folder + ".part", folder)
        return folder

    def database(self, name):
        path = os.path.join(self.folder, name)
        for rest in glob.glob(path + "*"):
            shutil.rmtree(rest) if os.path.isdir(rest) else os.remove(rest)
        return path

    def row(self, work, ours, peer, ratio, goal):
        met = "" if goal is None else ("yes" if ratio <= goal else "no")
        self.rows.append((work, ours, peer, f"{ratio:.2f}", "" if goal is None else f"{goal:g}", met))
        print("| " + " | ".join(self.rows[-1]) + " |", flush=True)

    # The work itself

    def ours(self, load, database):
        """The main job: ingest, journeys, all rules, incidents and the report, in one process."""
        return Run([self.dpslens, "analyze", load, "--db", database, "--quiet"])

    def subjects(self, database):
        """What a database says, as the peers say it; not timed."""
        rows = csv.DictReader(Run([self.dpslens, "findings", "--db", database, "--format", "csv"]).out.splitlines())
        return sorted(f"{row['rule']},{row['subject']}" for row in rows if row["rule"] in RULES)

    def peer(self, name, load):
        program = os.path.join(ROOT, "Benchmarks/peers", name + "_peer.py")
        return Run([self.python, program, load, self.database("peer-" + name)])

    def compare(self, name, ours, theirs):
        theirs = theirs.out.split()
        if ours == theirs:
            return
        sys.stderr.write("\n".join(difflib.unified_diff(theirs, ours, name, "dpslens", lineterm="")) + "\n")
        sys.exit(f"bench: the findings of dpslens and {name} differ")

    def size(self, events, peers, sick=False):
        """One size of a healthy fleet, or of a sick one; the processor seconds a record, and the database."""
        load = self.load(f"sick-{events}" if sick else f"load-{events}", events, *(["--sick"] if sick else []))
        label = f"{events / 1e6:g} M{' sick' if sick else ''}"
        samples = {name: [] for name in peers}
        gzips = []
        memory = []
        # The largest size takes minutes a round, and is there for memory and for the cost a record.
        for _ in range(self.rounds if events < 20_000_000 else 1):
            for name in ["gzip"] + peers:
                # A peer that takes ten times as long needs no second measurement to be told apart.
                if samples.get(name) and samples[name][0][1].wall > 10 * samples[name][0][0].wall:
                    continue
                database = self.database(f"ours-{events}.db")
                if name == "gzip":
                    gzips.append((self.ingest(load, database)[0], Run(f"cat '{load}'/*.gz | gzip -dc >/dev/null")))
                else:
                    ours = self.ours(load, database)
                    memory.append(ours.memory)
                    theirs = self.peer(name, load)
                    self.compare(name, self.subjects(database), theirs)
                    samples[name].append((ours, theirs))
        for name in peers:
            runs = samples[name]
            for what, goal in (("wall", 0.7), ("cpu", 0.8)):
                own = [getattr(o, what) for o, _ in runs]
                other = [getattr(t, what) for _, t in runs]
                ratio = statistics.median(a / b for a, b in zip(own, other))
                self.row(
                    f"{label}: ingest, journeys, all rules against {name.replace('_', '-')}'s ingest and three findings, {what}",
                    f"{statistics.median(own):.2f} s", f"{statistics.median(other):.2f} s", ratio, goal if name == "duckdb" else None,
                )
        for what, goal in (("wall", 0.75), ("cpu", 1.25)):
            ratio = statistics.median(getattr(i, what) / getattr(g, what) for i, g in gzips)
            self.row(
                f"{label}: ingest alone against gzip -dc, {what}", f"{statistics.median(getattr(i, what) for i, _ in gzips):.2f} s",
                f"{statistics.median(getattr(g, what) for _, g in gzips):.2f} s", ratio, goal,
            )
        self.row(f"{label}: peak memory", f"{statistics.median(memory):.0f} MB", "120 MB", statistics.median(memory) / 120, 1)
        con = sqlite3.connect(database)
        raw, = con.execute("SELECT coalesce(sum(length(data)), 0) FROM raw_block").fetchone()
        stored, = con.execute("SELECT sum(stored) FROM file").fetchone()
        con.close()
        bytes_each = (os.path.getsize(database) - raw) / stored
        self.row(f"{label}: database without kept raw records", f"{bytes_each:.0f} bytes an event", "", bytes_each, None)
        whole = os.path.getsize(database) / stored
        limit = 90 if sick else 70
        self.row(f"{label}: database with them", f"{whole:.0f} bytes an event", f"{limit} bytes", whole / limit, 1)
        again = Run([self.dpslens, "ingest", load, "--db", database, "--json"])
        first = statistics.median(i.wall for i, _ in gzips)
        self.row(f"{label}: second run over unchanged files", f"{again.wall:.3f} s", f"{first:.2f} s", again.wall / first, 0.05)
        ingested = statistics.median(i.wall for i, _ in gzips)
        all_work = statistics.median(o.wall for o, _ in samples[peers[0]])
        self.row(
            f"{label}: what analyze takes beyond ingest, against the whole", f"{all_work - ingested:.2f} s", f"{all_work:.2f} s",
            (all_work - ingested) / all_work, 0.25,
        )
        return statistics.median(o.cpu for o, _ in samples[peers[0]]) / events, database

    def night(self, events):
        """One new day into 90 days of so many events, against that day alone."""
        per_hour = max(20, events // 2160)
        label = f"{events / 1e6:g} M in 90 days"
        load = self.load(f"days-{per_hour}", 91 * 24 * per_hour, "--per-hour", str(per_hour))
        files = sorted(glob.glob(load + "/*.gz"))
        days, day = [os.path.join(self.folder, name) for name in ("night-before", "night-new")]
        for folder, names in ((days, files[: 90 * 24]), (day, files[90 * 24 :])):
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
            for name in names:
                os.link(name, os.path.join(folder, os.path.basename(name)))
        known = self.database("night-90.db")
        self.ours(days, known)
        # `analyze` asks all 90 days again, so it has no goal here; the night's job is the audit.
        jobs = (("ingest", self.ingest, 1.5), ("nightly audit", self.audit, 1.5), ("analyze all days", self.analyze, None))
        for name, job, goal in jobs:
            walls = []
            for _ in range(max(5, self.rounds)):
                target = self.database("night-91.db")
                shutil.copy(known, target)
                # What the copy leaves to be written is not the night's.
                os.sync()
                alone = job(day, self.database("night-1.db"))
                added = job(day, target)
                walls.append((sum(r.wall for r in added), sum(r.wall for r in alone)))
            median = [statistics.median(column) for column in zip(*walls)]
            self.row(
                f"{label}: {name} of one new day ({24 * per_hour} records), against that day alone",
                f"{median[0]:.2f} s", f"{median[1]:.2f} s", statistics.median(a / b for a, b in walls), goal,
            )

    def ingest(self, load, database):
        return [Run([self.dpslens, "ingest", load, "--db", database, "--json"])]

    def analyze(self, load, database):
        return [self.ours(load, database)]

    def audit(self, load, database):
        """The nightly job over the last day of the load."""
        nights = self.database("nights")
        config = os.path.join(self.folder, "audit.yaml")
        with open(config, "w") as file:
            file.write(
                f"version: 1\ndatabase: {database}\ninputs: [{load}]\n"
                f"outputs: {{folder: {nights}, formats: [csv, json, html, markdown]}}\n"
            )
        # The load begins on 2026-03-02 at 06:00, and its 91st day ends at this moment.
        return [Run([self.dpslens, "audit", "--config", config, "--cron", "--as-of", "2026-06-01T06:00:00Z"])]

    def questions(self, database, label):
        device = sqlite3.connect(database).execute("SELECT name FROM identity ORDER BY id LIMIT 1 OFFSET 100").fetchone()[0]
        Run([self.dpslens, "findings", "--db", database])
        for words, goal in ((["findings"], 0.3), (["device", device], 0.05), (["report"], 2)):
            firsts = [Run([self.dpslens, *words, "--db", database]).first for _ in range(max(3, self.rounds))]
            first = statistics.median(firsts)
            self.row(f"{label}: first output of {words[0]}", f"{first:.3f} s", f"{goal:g} s", first / goal, 1)
        walls = [Run([self.dpslens, "--version"]).wall for _ in range(20)]
        self.row("start-up (--version)", f"{statistics.median(walls) * 1000:.0f} ms", "15 ms", statistics.median(walls) / 0.015, 1)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("events", nargs="*", type=int, default=[1_000_000, 5_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--into", default="/tmp/dpslens-bench", help="where loads and databases are kept")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers for the smallest size; larger ones run against DuckDB")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the peers")
    arguments = parser.parse_args()
    os.makedirs(arguments.into, exist_ok=True)
    bench = Bench(arguments)
    sizes = sorted(arguments.events)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    swift = Run(["swift", "--version"]).out.split("\n")[0]
    packages = Run([arguments.python, "-m", "pip", "freeze"]).out
    versions = ", ".join(line for line in packages.split("\n") if line.split("==")[0] in ("duckdb", "chdb", "polars", "orjson", "sqlite-utils"))
    head = [
        "# Results", "",
        f"`scripts/bench {' '.join(map(str, sizes))} --rounds {arguments.rounds}` on {datetime.date.today()}: {os.cpu_count()} cores, "
        f"{memory} GiB, Linux {platform.release()}, {swift}, SQLite {sqlite3.sqlite_version}, {versions}.", "",
        "Medians of whole processes; a ratio is the median of the ratios of neighbours in time. The machine is shared: trust the",
        "ratios, not the seconds. The findings of all peers agree with those of dpslens, device by device.", "",
        "| work | dpslens | peer or limit | ratio | goal | met |", "| --- | --- | --- | --- | --- | --- |",
    ]
    print("\n".join(head), flush=True)
    for sick in (True, False):
        costs = []
        for index, events in enumerate(sizes):
            peers = arguments.peers.split(",") if index == 0 and not sick else ["duckdb"]
            cost, database = bench.size(events, peers, sick)
            costs.append(cost)
        if len(sizes) > 1:
            bench.row(
                f"{'sick: ' if sick else ''}cost a record, {sizes[-1] / 1e6:g} M against {sizes[0] / 1e6:g} M",
                f"{costs[-1] * 1e6:.2f} us", f"{costs[0] * 1e6:.2f} us", costs[-1] / costs[0], 1.15,
            )
    bench.questions(database, f"{sizes[-1] / 1e6:g} M")
    for events in sorted({sizes[0], sizes[-1]}):
        bench.night(events)
    lines = head + ["| " + " | ".join(row) + " |" for row in bench.rows]
    with open(os.path.join(ROOT, "Benchmarks/RESULTS.md"), "w") as file:
        file.write("\n".join(lines) + "\n")


main()
