"""Two nights on parts against one database: views, findings, incidents and rules' rows are the same; also where a worker is killed.

Usage: nights_on_spark.py PATH_OF_DPSLENS [MASTER], local[2,4] or local-cluster[2,1,1024]. Exits 1 if anything differs.
"""
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


def main():
    wrong = 0
    from pyspark.sql import SparkSession

    from database_state import compare, state
    from dpslens_spark.job import Job

    work = tempfile.mkdtemp(prefix="dpslens-nights-")
    try:
        source = f"{work}/in/logs"
        os.makedirs(source)
        files = []
        for folder, _, names in sorted(os.walk(f"{ROOT}/samples")):
            if "truth" not in folder:
                files += [f"{folder}/{name}" for name in sorted(names) if not name.endswith(".md")]
        # A program that kills its worker in the middle of the first try: as a machine that goes away.
        killer = program(f"{work}/killer", f"""case "$*" in merge*--part*) if mkdir {work}/killed 2>/dev/null; then
    {DPSLENS} "$@"; kill -9 $PPID; sleep 5; fi;; esac""")
        # One that takes long at the first try, so that Spark tries the part on another worker as well.
        slow = program(f"{work}/slow", f"""case "$*" in merge*--part*) echo . >>{work}/tries
    if mkdir {work}/slept 2>/dev/null; then
        # Until Spark tries a fourth time, three for as many parts; five minutes at most.
        for second in $(seq 300); do if [ $(wc -l <{work}/tries) -gt 3 ]; then break; fi; sleep 1; done
    fi;; esac""")
        session = (
            SparkSession.builder.master(MASTER).config("spark.ui.enabled", "false").config("spark.local.dir", work)
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "4").config("spark.sql.adaptive.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4").config("spark.speculation", "true")
            .config("spark.speculation.quantile", "0.3").config("spark.speculation.multiplier", "1.5")
            .config("spark.task.maxFailures", "4").config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"]).getOrCreate()
        )
        session.sparkContext.setLogLevel("OFF")
        clustered = "local-cluster" in MASTER
        job = Job(session, f"file://{work}/work", 3, killer, partition_bytes=1 << 16)
        for night, share in (("1", files[::2]), ("2", files[1::2])):
            for file in share:
                target = f"{source}/{os.path.relpath(file, ROOT + '/samples')}"
                os.makedirs(os.path.dirname(target), exist_ok=True)
                shutil.copy(file, target)
            job.program = killer if night == "1" else slow if clustered else DPSLENS
            rows = job.run(f"file://{source}", night, f"{work}/fleet.db")
            dpslens("ingest", "logs", "--db", "../one.db", "-q", cwd=f"{work}/in")
            one = state(dpslens, f"{work}/one.db")
            wrong += compare(f"night {night}", one, state(dpslens, f"{work}/fleet.db"))
            print(f"night {night}: {rows.count()} rows of rules on Spark", flush=True)
            known = job.committed("files", job.last).count()
            print(f"night {night}: {known} files known, killed: {os.path.isdir(work + '/killed')}", flush=True)
            if not os.path.isdir(work + "/killed"):
                sys.exit("no worker was killed")
        if clustered:
            tries = len(open(f"{work}/tries").read().split())
            print(f"tries of parts in night 2: {tries}", flush=True)
            if tries <= 3:
                sys.exit("no part was tried twice")
        session.stop()
    finally:
        shutil.rmtree(work, ignore_errors=True)
    sys.exit(1 if wrong else 0)


main()
