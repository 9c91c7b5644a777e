"""The command: spark-submit dpslens_spark/command.py …, or dpslens-spark … in a virtual environment."""
import argparse
import os
import sys


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="dpslens-spark", description="Runs dpslens over the parts of a fleet on Spark.")
    parser.add_argument("logs", help="a folder of logs, below any path that Spark reads")
    parser.add_argument("--work", required=True, help="where parts and tables stay between nights; any path that Spark writes")
    parser.add_argument("--db", required=True, help="the driver's database: incidents, nights, suppressions, reports")
    parser.add_argument("--night", required=True, help="the night's name, such as 2026-11-30")
    parser.add_argument("--parts", type=int, default=4, help="how many parts; the same every night")
    parser.add_argument("--dpslens", default="dpslens", help="the program, on the driver and every worker")
    parser.add_argument("--master", help="the cluster, unless spark-submit says; such as local[2]")
    parser.add_argument("--without-events", action="store_true", help="leave the events in the parts")
    parser.add_argument("--no-rules", action="store_true", help="do not run the rules on Spark")
    options = parser.parse_args(arguments)
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("dpslens")
    if options.master:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(options.master)
    # Rows are pieces of files: a few of them are a batch.
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4")
    from dpslens_spark.job import Job

    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    try:
        job = Job(session, options.work, options.parts, options.dpslens)
        rows = job.run(options.logs, options.night, options.db, not options.without_events, not options.no_rules)
        if rows is not None:
            print(f"{rows.count()} rows of rules in {job.path('rows', job.last)}")
        print(f"findings in {job.path('findings', job.last)} and {options.db}")
    finally:
        session.stop()


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    main()
