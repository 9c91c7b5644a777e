"""Two nights on parts against one database: views, findings, incidents and rules' rows are the same; also where a worker is killed.

Usage: nights_on_spark.py PATH_OF_DPSLENS [MASTER], local[2,4], local-cluster[2,1,1024] or two-hosts, where Spark also tries a
part twice in the second night, and workers have no program, no package and no disk of the driver's. Exits 1 if anything differs.
"""
import contextlib
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(ROOT, "distributed"), os.path.join(ROOT, "scripts")]
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ["PYTHONPATH"] = os.path.join(ROOT, "distributed")
DPSLENS = os.path.abspath(sys.argv[1])
MASTER = sys.argv[2] if len(sys.argv) > 2 else "local[2,4]"


def dpslens(*arguments, cwd=None):
    done = subprocess.run([DPSLENS, *arguments], capture_output=True, text=True, cwd=cwd)
    if done.returncode not in (0, 2):
        sys.exit(f"dpslens {' '.join(arguments)}: {done.returncode} {done.stderr[-500:]}")
    return done.stdout


def program(path, first):
    """A program that does something before it is dpslens."""
    with open(path, "w") as file:
        file.write(f'#!/bin/sh\n{first}\nexec {DPSLENS} "$@"\n')
    os.chmod(path, 0o700)
    return path


def tries(log):
    """Tasks that Spark tried again while the first try ran: by the step of the job, how each try of such a task ended, and where."""
    steps, ends = {}, {}
    for path in glob.glob(f"{log}/*"):
        for line in open(path):
            event = json.loads(line)
            if event["Event"] == "SparkListenerStageSubmitted":
                steps[event["Stage Info"]["Stage ID"]] = event["Properties"].get("spark.job.description", "")
            if event["Event"] != "SparkListenerTaskEnd":
                continue
            task, ended = event["Task Info"], event["Task End Reason"]["Reason"]
            of = ends.setdefault((event["Stage ID"], event["Stage Attempt ID"], task["Index"]), [])
            of.append((task["Attempt"], task["Host"], "speculative" if task["Speculative"] else "first", ended))
    return [
        (steps[stage], stage, task, sorted(of)) for (stage, _, task), of in sorted(ends.items())
        if any(one[2] == "speculative" for one in of)
    ]


def main():
    work = tempfile.mkdtemp(prefix="dpslens-nights-")
    try:
        with contextlib.ExitStack() as stack:
            wrong = nights(work, stack)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if wrong else 0)


def pieces(job, work):
    """Databases came in many pieces and none of them is lost; without one of them, whichever, there is no database."""
    from dpslens_spark import worker

    table, columns = job.path("parts", job.last, "kind=db"), ("part", "at", "size", "data")
    found = list(job.storage.rows(table, columns, f"{work}/fetched"))
    counts = [sum(row[0] == part for row in found) for part in range(job.parts)]
    print(f"{job.last}: pieces of the parts: {counts}", flush=True)
    if min(counts) <= 4:
        sys.exit("the parts have too few pieces to show anything")
    job.spark.createDataFrame(sorted(found)[:-1], "part int, at long, size long, data binary").write.parquet(
        f"file://{work}/lacking/{job.last}/kind=db")
    whole, job.path = job.path, lambda kind, *steps: "/".join((f"file://{work}/lacking", *steps))
    try:
        job.unite(job.last, f"{work}/lacking.db", f"{work}/lacking-parts", True)
    except worker.Failed as error:
        return 0 if "is not whole" in str(error) and not os.path.exists(f"{work}/lacking.db") else 1
    finally:
        job.path = whole
    print(f"{job.last}: DIFFERS: a part without its last piece was united", flush=True)
    return 1


def views(job, asked):
    """The tables are what the rules read and what was asked for, with the rows that the views have in parts."""
    _, read = job.rendered()
    there = set(job.storage.names(job.path("tables", job.last)))
    if there == read | asked:
        return 0
    print(f"{job.last}: DIFFERS: tables {sorted(there ^ (read | asked))}", flush=True)
    return 1


def views_that_are_missing(job, sources, database):
    """A view that the parts were written without is an error, and no empty table."""
    from dpslens_spark import worker

    try:
        job.run(sources, "none new", database, views=("events",))
    except worker.Failed as error:
        return 0 if "without events" in str(error) else 1
    print(f"{job.last}: DIFFERS: a table of events was made of parts that have none", flush=True)
    return 1


def nights(work, stack):
    """Both nights; how many views differ."""
    from pyspark.sql import SparkSession

    from database_state import compare, state
    from dpslens_spark.command import send
    from dpslens_spark.job import Job

    wrong = 0
    # Two folders of logs, as a storage account has a container for each category.
    sources, driver = [f"{work}/in/logs", f"{work}/in/others"], f"{work}/driver"
    for folder in (*sources, driver):
        os.makedirs(folder)
    files = []
    for folder, _, names in sorted(os.walk(f"{ROOT}/samples")):
        if "truth" not in folder:
            files += [f"{folder}/{name}" for name in sorted(names) if not name.endswith(".md")]
    # A program that kills its worker in the middle of the first try: as a machine that goes away.
    killer = program(f"{work}/killer", f"""case "$*" in merge*--part*) if mkdir {work}/killed 2>/dev/null; then
    {DPSLENS} "$@"; kill -9 $PPID; sleep 5; fi;; esac""")
    # One that takes long at the first try, so that Spark tries the part on another host as well.
    slow = program(f"{work}/slow", f"""case "$*" in merge*--part*) echo . >>{work}/tries
    if mkdir {work}/slept 2>/dev/null; then
        # Until Spark tries a fourth time, three for as many parts; five minutes at most.
        for second in $(seq 300); do if [ $(wc -l <{work}/tries) -gt 3 ]; then break; fi; sleep 1; done
    fi;; esac""")
    builder = (
        SparkSession.builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        .config("spark.local.dir", f"{work}/local")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4").config("spark.sql.adaptive.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4").config("spark.task.maxFailures", "4")
        .config("spark.driver.maxResultSize", "256k")
    )
    hosts = None
    if MASTER == "two-hosts":
        from two_hosts import TwoHosts

        hosts = stack.enter_context(TwoHosts(f"{work}/cluster", driver))
        print(f"workers on 127.0.0.2 and 127.0.0.3; they {'do not see' if hosts.hides else 'see'} the driver's disk", flush=True)
        os.makedirs(f"{work}/log")
        builder = (
            builder.master(hosts.master).config("spark.executor.memory", "640m").config("spark.speculation", "true")
            .config("spark.speculation.quantile", "0.3").config("spark.speculation.multiplier", "1.5")
            .config("spark.eventLog.enabled", "true").config("spark.eventLog.dir", f"file://{work}/log")
            .config("spark.eventLog.rolling.enabled", "false").config("spark.eventLog.compress", "false")
        )
    else:
        builder = builder.master(MASTER).config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
    session = builder.getOrCreate()
    stack.callback(session.stop)
    session.sparkContext.setLogLevel("OFF")
    # Pieces of 64 KiB, of which a database has many; a few of them would be more than the driver takes as results.
    job = Job(session, f"file://{work}/work", 3, killer, partition_bytes=1 << 16, piece=1 << 16)
    if hosts:
        for one in (killer, slow):
            send(session.sparkContext, one, driver)
    for night, share in (("1", files[::2]), ("2", files[1::2])):
        for number, file in enumerate(share):
            target = f"{sources[number % 2]}/{os.path.relpath(file, ROOT + '/samples')}"
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(file, target)
        job.program = killer if night == "1" else slow if hosts else DPSLENS
        # No rule reads either.
        asked = {"explained_errors"} if night == "1" else {"events", "explained_errors"}
        job.sent = os.path.basename(job.program) if hosts else None
        rows = job.run([f"file://{one}" for one in sources], night, f"{driver}/fleet.db", views=asked)
        dpslens("ingest", "logs", "others", "--db", "../one.db", "-q", cwd=f"{work}/in")
        one = state(dpslens, f"{work}/one.db")
        wrong += compare(f"night {night}", one, state(dpslens, f"{driver}/fleet.db"))
        print(f"night {night}: {rows.count()} rows of rules on Spark", flush=True)
        wrong += pieces(job, work)
        wrong += views(job, asked)
        if night == "1":
            wrong += views_that_are_missing(job, [f"file://{one}" for one in sources], f"{driver}/fleet.db")
        known = job.committed("files", job.last).count()
        print(f"night {night}: {known} files known, killed: {os.path.isdir(work + '/killed')}", flush=True)
        if not os.path.isdir(work + "/killed"):
            sys.exit("no worker was killed")
    if hosts:
        session.stop()
        found = tries(f"{work}/log")
        print(f"tasks that Spark tried twice: {len(found)}", flush=True)
        parts = [one for one in found if one[0] in ("dpslens: bring parts up", "dpslens: cut all parts anew")]
        for step, stage, task, of in parts:
            print(f"{step}, stage {stage}, task {task}: " + "; ".join(
                f"try {number} on {host}, {which}: {ended}" for number, host, which, ended in of), flush=True)
        started = len(open(f"{work}/tries").read().split())
        print(f"runs of dpslens for 3 parts in night 2: {started}", flush=True)
        if started <= 3 or not any(len({host for _, host, _, _ in of}) == 2 for _, _, _, of in parts):
            sys.exit("no part was tried twice")
    return wrong


main()
