"""Processes that are measured: seconds, processor seconds, megabytes and the time to the first output, as the system counts them."""
import os
import subprocess
import sys
import time


class Run:
    """What one process cost; it ends the bench if the process fails."""

    def __init__(self, command, cores=None):
        begin = time.monotonic()
        pin = (lambda: os.sched_setaffinity(0, cores)) if cores else None
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, shell=isinstance(command, str), preexec_fn=pin
        )
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
