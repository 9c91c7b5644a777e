"""A driver that is out of memory ends with exit 3 and a sentence: where spark-submit starts it, and where Python does.

Usage: no_memory.py. Tasks give more than the driver's heap holds, and nothing bounds results. Without dpslens_spark.driver (the
argument `without`) Spark may wait for ever. Exits 1 if a command hung, or ended otherwise.
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

PROGRAM = """
import os, sys
sys.path.insert(0, sys.argv[1])
from pyspark.sql import SparkSession
from dpslens_spark import driver
builder = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.driver.maxResultSize", "0").config("spark.ui.enabled", "false")
session = builder.config("spark.local.dir", sys.argv[3]).config("spark.driver.memory", "512m").getOrCreate()
session.sparkContext.setLogLevel("OFF")
if sys.argv[2] == "with":
    driver.end_without_memory(session.sparkContext)
def much(_):
    yield os.urandom(60 << 20)
driver.ended(lambda: session.sparkContext.parallelize(range(64), 64).mapPartitions(much).collect())
print("it held everything")
"""


def main():
    guard = sys.argv[1] if len(sys.argv) > 1 else "with"
    wrong, driver_said = 0, "the driver ran out of memory"
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "much.py")
        with open(program, "w") as file:
            file.write(PROGRAM)
        import pyspark

        submit = [f"{os.path.dirname(pyspark.__file__)}/bin/spark-submit", "--driver-memory", "512m", "--master", "local-cluster[2,1,1024]"]
        environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": ""}
        for name, command in (("spark-submit", submit), ("python", [sys.executable])):
            process = subprocess.Popen(
                [*command, program, f"{ROOT}/distributed", guard, folder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env=environment, start_new_session=True)
            try:
                said, _ = process.communicate(timeout=90)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                said, _ = process.communicate()
                print(f"no memory, {name}: HUNG: {said[-500:]}", flush=True)
                wrong += 1
                continue
            # Mostly a thread that takes results is the first without memory; where it is one that sends them, Spark ends the job.
            held = process.returncode == 3 and "dpslens-spark: " in said
            print(f"no memory, {name}: exit {process.returncode}{', by its thread' if driver_said in said else ''}{'' if held else ', WRONG: ' + said[-1500:]}", flush=True)
            wrong += not held
    sys.exit(1 if wrong else 0)


main()
