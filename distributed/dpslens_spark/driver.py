"""What the driver owes who started it: an end, also where its memory does not do."""
import os
import sys

#: dpslens's own exit code for what failed.
FAILED = 3

NO_MEMORY = (
    "dpslens-spark: the driver ran out of memory. Give its Java more (spark-submit --driver-memory 4g, or spark.driver.memory in the "
    "cluster's configuration). Nothing of this run counts; the next one reads the same logs."
)


class _NoMemory:
    """Told by Java of errors that end a thread."""

    class Java:
        implements = ["java.lang.Thread$UncaughtExceptionHandler"]

    def uncaughtException(self, thread, error):
        if error.getClass().getName() == "java.lang.OutOfMemoryError":
            print(NO_MEMORY, file=sys.stderr, flush=True)
            os._exit(FAILED)
        error.printStackTrace()


def end_without_memory(context):
    """Has the program end where a thread of the driver's Java runs out of memory.

    Spark does not: the thread that took a task's result is gone, and the job waits for it for ever. What it does not see is
    memory that is too small in this Python, and errors that Spark catches; those fail the job by themselves.
    """
    from pyspark.java_gateway import ensure_callback_server_started

    ensure_callback_server_started(context._gateway)
    context._jvm.java.lang.Thread.setDefaultUncaughtExceptionHandler(_NoMemory())


def sentence(error):
    """What went wrong, for who reads one line: what dpslens said on a worker, or Spark's own words without its traces."""
    text = str(error)
    if "java.lang.OutOfMemoryError" in text or "TaskResultLost" in text:
        return NO_MEMORY
    for name in ("dpslens_spark.worker.Failed: ", "dpslens_spark.worker.Scattered: "):
        if name in text:
            return "dpslens-spark: " + text.split(name, 1)[1].split("\n\n")[0].strip()[:2000]
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("at ")]
    return f"dpslens-spark: {type(error).__name__}: " + " ".join(lines)[:2000]


def ended(work):
    """Does the work of a program: what fails is a sentence on standard error and exit 3, as dpslens has it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    from .worker import Failed

    try:
        work()
    except (Failed, OSError, Py4JError, PySparkException) as error:
        print(sentence(error), file=sys.stderr)
        sys.exit(FAILED)
