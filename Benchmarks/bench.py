"""Runs dpslens and its peers in turn on the same files and writes the tables of Benchmarks/RESULTS.md.

Called by scripts/bench, which builds what is needed. Each part is kept when it is done, so that a run that was ended goes on
where it stopped, and a part can be measured alone. Only the standard library: time, processor time and memory are those of
whole processes, as the system counts them (wait4).
"""
import argparse
import csv
import difflib
import glob
import hashlib
import os
import shutil
import sqlite3
import sys
import time

import results as kept
from results import median
from runs import Run

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = ["duckdb", "chdb", "polars", "orjson_sqlite", "sqlite_utils"]
RULES = {"assigned-then-refused", "key-derivation-failure", "registration-loop"}
# A peer that takes so many times as long needs no second measurement to be told apart.
SLOW = 5


class Bench:
    def __init__(self, arguments):
        self.rounds = arguments.rounds
        self.events = arguments.events
        self.folder = arguments.into
        self.peers = arguments.peers.split(",")
        self.python = arguments.python
        self.dpslens = os.path.join(ROOT, ".build/standalone/release/dpslens")
        self.simulate = os.path.join(ROOT, ".build/standalone/release/simulate-fleet")
        self.rows = []
        self.costs = []

    def load(self, name, events, *options):
        """A folder of logs, made once for the same name."""
        folder = os.path.join(self.folder, name)
        if not os.path.isdir(folder):
            shutil.rmtree(folder + ".part", ignore_errors=True)
            Run([self.simulate, "load", "--events", str(events), "--seed", "1", "--into", folder + ".part", *options])
            os.rename(folder + ".part", folder)
        return folder

    def fleet(self, events, sick):
        return self.load(f"{'sick' if sick else 'load'}-{events}", events, *(["--sick"] if sick else []))

    def database(self, name):
        path = os.path.join(self.folder, name)
        for rest in glob.glob(path + "*"):
            shutil.rmtree(rest) if os.path.isdir(rest) else os.remove(rest)
        return path

    def row(self, work, ours, peer, ratio, goal):
        self.rows.append(kept.row(work, ours, peer, ratio, goal))
        print("| " + " | ".join(self.rows[-1]) + " |", flush=True)

    # The work itself

    def analyze(self, load, database):
        """The main job: ingest, journeys, all rules, incidents and the report, in one process."""
        return Run([self.dpslens, "analyze", load, "--db", database, "--quiet"])

    def ingest(self, load, database, cores=None):
        return Run([self.dpslens, "ingest", load, "--db", database, "--json", "--quiet"], cores)

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
        return Run([self.dpslens, "audit", "--config", config, "--cron", "--as-of", "2026-06-01T06:00:00Z"])

    def peer(self, name, load):
        program = os.path.join(ROOT, "Benchmarks/peers", name + "_peer.py")
        return Run([self.python, program, load, self.database("peer-" + name)])

    def subjects(self, database):
        """What a database says, as the peers say it; not timed."""
        rows = csv.DictReader(Run([self.dpslens, "findings", "--db", database, "--format", "csv"]).out.splitlines())
        return sorted(f"{row['rule']},{row['subject']}" for row in rows if row["rule"] in RULES)

    def compare(self, name, ours, theirs):
        theirs = theirs.out.split()
        if ours == theirs:
            return
        sys.stderr.write("\n".join(difflib.unified_diff(theirs, ours, name, "dpslens", lineterm="")) + "\n")
        sys.exit(f"bench: the findings of dpslens and {name} differ")

    # The parts

    def size(self, events, peers, sick=False, rounds=None):
        """One size of a healthy fleet, or of a sick one, against peers and against gzip."""
        load = self.fleet(events, sick)
        label = f"{events / 1e6:g} M{' sick' if sick else ''}"
        samples = {name: [] for name in peers}
        gzips, memory = [], []
        database = None
        for _ in range(rounds or self.rounds):
            for name in ["gzip"] + peers:
                if samples.get(name) and samples[name][0][1].wall > SLOW * samples[name][0][0].wall:
                    continue
                database = self.database(f"ours-{events}.db")
                if name == "gzip":
                    gzips.append((self.ingest(load, database), Run(f"cat '{load}'/*.gz | gzip -dc >/dev/null")))
                    continue
                ours = self.analyze(load, database)
                memory.append(ours.memory)
                theirs = self.peer(name, load)
                self.compare(name, self.subjects(database), theirs)
                samples[name].append((ours, theirs))
        for name in peers:
            for what, goal in (("wall", 0.7), ("cpu", 0.8)):
                own = [getattr(o, what) for o, _ in samples[name]]
                other = [getattr(t, what) for _, t in samples[name]]
                self.row(
                    f"{label}: analyze with all rules against {name.replace('_', '-')}'s ingest and three findings, {what}",
                    f"{median(own):.2f} s", f"{median(other):.2f} s", median(a / b for a, b in zip(own, other)),
                    goal if name == "duckdb" else None,
                )
        for what, goal in (("wall", 0.75), ("cpu", 1.25)):
            own, other = [[getattr(run, what) for run in column] for column in zip(*gzips)]
            self.row(
                f"{label}: ingest alone against gzip -dc, {what}", f"{median(own):.2f} s", f"{median(other):.2f} s",
                median(a / b for a, b in zip(own, other)), goal,
            )
        ingested = median([i.wall for i, _ in gzips])
        everything = median([o.wall for o, _ in samples[peers[0]]])
        self.row(
            f"{label}: what analyze takes beyond ingest, against the whole", f"{everything - ingested:.2f} s",
            f"{everything:.2f} s", (everything - ingested) / everything, 0.25,
        )
        self.row(f"{label}: peak memory", f"{median(memory):.0f} MB", "120 MB", median(memory) / 120, 1)
        self.store(label, database, 90 if sick else 70)
        again = self.ingest(load, database)
        self.row(f"{label}: second run over unchanged files", f"{again.wall:.3f} s", f"{ingested:.2f} s", again.wall / ingested, 0.05)
        self.costs.append([sick, events, median([o.cpu for o, _ in samples[peers[0]]]) / events])
        return database

    def store(self, label, database, limit):
        """What an event takes, with what is derived and with the kept raw records."""
        con = sqlite3.connect(database)
        raw, = con.execute("SELECT coalesce(sum(length(data)), 0) FROM raw_block").fetchone()
        stored, = con.execute("SELECT sum(stored) FROM file").fetchone()
        con.close()
        whole = os.path.getsize(database) / stored
        self.row(f"{label}: database", f"{whole:.0f} bytes an event", f"{limit} bytes", whole / limit, 1)
        self.row(f"{label}: kept raw records of it", f"{raw / stored:.0f} bytes an event", "", raw / stored, None)

    def healthy(self):
        self.size(self.events, self.peers)

    def sick(self):
        self.size(self.events, ["duckdb"], sick=True)

    def grown(self):
        """Five times the size; the questions are asked of the healthy one."""
        self.size(self.events * 5, ["duckdb"], sick=True, rounds=min(self.rounds, 2))
        self.questions(self.size(self.events * 5, ["duckdb"], rounds=min(self.rounds, 2)), f"{self.events * 5 / 1e6:g} M")

    def large(self):
        """Twenty times the size, once; it is there for memory and for the cost a record."""
        self.size(self.events * 20, ["duckdb"], sick=True, rounds=1)
        self.questions(self.size(self.events * 20, ["duckdb"], rounds=1), f"{self.events * 20 / 1e6:g} M")

    def varied(self):
        """Records whose texts do not repeat against those that do."""
        label = f"{self.events / 1e6:g} M"
        plain = self.fleet(self.events, False)
        varied = self.load(f"varied-{self.events}", self.events, "--varied")
        runs = []
        for _ in range(max(3, self.rounds)):
            runs.append([self.ingest(load, self.database("varied.db")) for load in (varied, plain)])
        for what in ("wall", "cpu"):
            own, other = [[getattr(run, what) for run in column] for column in zip(*runs)]
            self.row(
                f"{label}: ingest of records that do not repeat against those that do, {what}", f"{median(own):.2f} s",
                f"{median(other):.2f} s", median(a / b for a, b in zip(own, other)), 2 if what == "wall" else None,
            )

    def cores(self):
        """One core against two."""
        cores = sorted(os.sched_getaffinity(0))[:2]
        if len(cores) < 2:
            print("bench: there is one core only; the part `cores` needs two", file=sys.stderr)
            return
        for sick in (False, True):
            load = self.fleet(self.events, sick)
            runs = []
            for _ in range(max(3, self.rounds)):
                runs.append([self.ingest(load, self.database("cores.db"), set(cores[:n])).wall for n in (1, 2)])
            one, two = [median(column) for column in zip(*runs)]
            self.row(
                f"{self.events / 1e6:g} M{' sick' if sick else ''}: ingest on two cores, times as quick as on one",
                f"{two:.2f} s", f"{one:.2f} s", median(a / b for a, b in runs), -1.6,
            )

    def night(self, events, sick):
        """One new day into 90 days of so many events, against that day alone."""
        per_hour = max(20, events // 2160)
        label = f"{events / 1e6:g} M{' sick' if sick else ''} in 90 days"
        options = ["--per-hour", str(per_hour)]
        # Devices in trouble are heard of each hour, so there are as many as an hour has room for.
        options += ["--sick", "--devices", str(max(300, per_hour // 2))] if sick else []
        load = self.load(f"{'sick-' if sick else ''}days-{per_hour}", 91 * 24 * per_hour, *options)
        files = sorted(glob.glob(load + "/*.gz"))
        days, day = [os.path.join(self.folder, name) for name in ("night-before", "night-new")]
        last = os.path.join(load, f"hour-{90 * 24:05}")
        before = [name for name in files if name < last]
        for folder, names in ((days, before), (day, files[len(before) :])):
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
            for name in names:
                os.link(name, os.path.join(folder, os.path.basename(name)))
        known = self.database("night-90.db")
        self.analyze(days, known)
        # `analyze` asks all 90 days again, so it has no goal here; the night's job is the audit.
        jobs = (("ingest", self.ingest, 1.5), ("nightly audit", self.audit, 1.5), ("analyze all days", self.analyze, None))
        for name, job, goal in jobs:
            walls = []
            for _ in range(self.rounds):
                target = self.database("night-91.db")
                shutil.copy(known, target)
                # What the copy leaves to be written is not the night's.
                os.sync()
                alone = job(day, self.database("night-1.db"))
                walls.append((job(day, target).wall, alone.wall))
            added, alone = [median(column) for column in zip(*walls)]
            self.row(
                f"{label}: {name} of one new day ({24 * per_hour} records), against that day alone",
                f"{added:.2f} s", f"{alone:.2f} s", median(a / b for a, b in walls), goal,
            )

    def nights(self):
        for sick in (False, True):
            for events in (self.events, self.events * 5):
                self.night(events, sick)

    def large_nights(self):
        """A night of the largest fleets, once."""
        self.rounds = 1
        for sick in (False, True):
            self.night(self.events * 20, sick)

    def questions(self, database, label):
        """How soon a question has its first output."""
        device = sqlite3.connect(database).execute("SELECT name FROM identity ORDER BY id LIMIT 1 OFFSET 100").fetchone()[0]
        Run([self.dpslens, "findings", "--db", database])
        finding = Run([self.dpslens, "findings", "--db", database, "--format", "csv", "--limit", "1"]).out.splitlines()[1]
        asked = (
            ("findings of a device", ["findings", "--device", device], 0.1), ("device", ["device", device], 0.05),
            ("evidence", ["evidence", finding.split(",")[0]], 0.05), ("report", ["report"], 2),
        )
        for name, words, goal in asked:
            first = median([Run([self.dpslens, *words, "--db", database]).first for _ in range(5)])
            self.row(f"{label}: first output of {name}", f"{first:.3f} s", f"{goal:g} s", first / goal, 1)

    def start(self):
        wall = median([Run([self.dpslens, "--version"]).wall for _ in range(20)])
        self.row("start-up (--version)", f"{wall * 1000:.0f} ms", "15 ms", wall / 0.015, 1)


def main():
    # In the order of the table; those that are measured unless others are named, and what must be asked for.
    usual = ["healthy", "sick", "varied", "cores", "grown", "nights", "start"]
    parts = usual + ["large", "large-nights"]
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}; all but the large ones unless named")
    parser.add_argument("--events", type=int, default=1_000_000, help="records of the smallest size (1000000)")
    parser.add_argument("--rounds", type=int, default=3, help="measurements of each (3)")
    parser.add_argument("--again", action="store_true", help="measure parts anew that were measured with this build")
    parser.add_argument("--into", default="/tmp/dpslens-bench", help="where loads, databases and results are kept")
    parser.add_argument("--peers", default=",".join(PEERS), help="peers for the healthy fleet; the others run against DuckDB")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the peers")
    arguments = parser.parse_args()
    for part in arguments.parts:
        if part not in parts:
            parser.error(f"there is no part {part}; parts are {', '.join(parts)}")
    os.makedirs(arguments.into, exist_ok=True)
    bench = Bench(arguments)
    with open(bench.dpslens, "rb") as file:
        build = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    results = kept.Results(arguments.into, build)
    setting = f"{arguments.events / 1e6:g} M records, {arguments.rounds} rounds"
    # The figures on record are those of the full size; a trial writes beside its results.
    path = os.path.join(ROOT, "Benchmarks") if arguments.events == 1_000_000 else arguments.into
    for part in [part for part in parts if part in (arguments.parts or usual)]:
        if results.is_done(part, setting) and not arguments.again:
            print(f"bench: {part} was measured with this build; --again measures it anew", file=sys.stderr)
            continue
        began = time.monotonic()
        bench.rows, bench.costs = [], []
        getattr(bench, part.replace("-", "_"))()
        results.keep(part, setting, bench.rows, bench.costs)
        kept.write(results, parts, os.path.join(path, "RESULTS.md"), arguments.python)
        print(f"bench: {part} took {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)


main()
