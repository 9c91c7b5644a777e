"""The command: spark-submit dpslens_spark/command.py …, or dpslens-spark … in a virtual environment."""
import argparse
import os
import shutil
import sys
import tempfile


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="dpslens-spark", description="Runs dpslens over the parts of a fleet on Spark.")
    parser.add_argument("logs", nargs="+", help="folders of logs, below any path that Spark reads; a container each")
    parser.add_argument("--work", required=True, help="where parts and tables stay between nights; any path that Spark writes")
    parser.add_argument("--db", required=True, help="the driver's database: incidents, nights, suppressions, reports")
    parser.add_argument("--night", required=True, help="the night's name, such as 2026-11-30")
    parser.add_argument("--parts", type=int, default=4, help="how many parts; the same every night")
    parser.add_argument("--dpslens", default="dpslens", help="the program on the driver; Spark sends it to the workers")
    parser.add_argument("--master", help="the cluster, unless spark-submit says; such as local[2]")
    parser.add_argument("--without-events", action="store_true", help="leave the events in the parts")
    parser.add_argument("--view", action="append", default=[], metavar="VIEW", help="make a table of this view, too, besides those that "
                        "the rules read, as `dpslens export` names them; repeatable; `all` for all of them")
    parser.add_argument("--no-rules", action="store_true", help="do not run the rules on Spark")
    options = parser.parse_args(arguments)
    from pyspark.sql import SparkSession

    # A notebook's session serves its cluster, which would be lost with it.
    found = SparkSession.getActiveSession() is not None or "DATABRICKS_RUNTIME_VERSION" in os.environ
    builder = SparkSession.builder.appName("dpslens")
    if options.master:
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = builder.master(options.master)
    # Rows are pieces of files: a few of them are a batch.
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "4")
    from dpslens_spark import driver
    from dpslens_spark.job import Job, known_views

    program = shutil.which(options.dpslens)
    if program is None:
        parser.error(f"no program at {options.dpslens}: name it by --dpslens")
    views = known_views(program)
    for view in options.view:
        if view not in (*views, "all"):
            parser.error(f"there is no view {view}; there are all, {', '.join(views)}")
    session = builder.getOrCreate()
    if not found:
        driver.end_without_memory(session.sparkContext)
    session.sparkContext.setLogLevel("ERROR")
    folder = tempfile.mkdtemp(prefix="dpslens-spark-")
    try:
        send(session.sparkContext, program, folder)
        job = Job(session, options.work, options.parts, os.path.abspath(program), sent=os.path.basename(program))
        rows = job.run(options.logs, options.night, options.db, not options.without_events, not options.no_rules,
                       views if "all" in options.view else options.view)
        if rows is not None:
            print(f"{rows.count()} rows of rules in {job.path('rows', job.last)}")
        print(f"findings in {job.path('findings', job.last)} and {options.db}")
    finally:
        if not found:
            session.stop()
        shutil.rmtree(folder, ignore_errors=True)


def cli():
    """The command as a program; from a notebook main is called, and raises."""
    from dpslens_spark import driver

    driver.ended(main)


def send(context, program, folder):
    """Sends the program and this package along with the tasks, so that workers need neither."""
    place = os.path.dirname(os.path.abspath(__file__))
    package = shutil.make_archive(
        os.path.join(folder, "dpslens_spark"), "zip", os.path.dirname(place), os.path.basename(place))
    context.addPyFile(package)
    context.addFile(os.path.abspath(program))


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    cli()
