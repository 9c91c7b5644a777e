"""A cluster of two workers on two addresses of this machine, each with a core: what `local-cluster` cannot be.

Spark tries a task a second time on another host only, and all workers of `local-cluster` are on one. Here they are on
127.0.0.2 and 127.0.0.3. Where a mount may be made (as root), the workers do not see the driver's folder either.
"""
import os
import socket
import subprocess
import sys
import time

import pyspark


class TwoHosts:
    """A master and two workers, which end with the block."""

    def __init__(self, folder, hidden):
        """`folder` is for what the workers write and log; `hidden` is the driver's folder."""
        self.folder, self.hidden, self.processes = folder, hidden, []

    def __enter__(self):
        os.makedirs(self.folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.master = f"spark://127.0.0.1:{port}"
        try:
            self.start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", str(port))
            self.hides = subprocess.run(self.without_the_folder("true"), capture_output=True).returncode == 0
            for host in ("127.0.0.2", "127.0.0.3"):
                self.start(host, "org.apache.spark.deploy.worker.Worker", "--host", host, "--cores", "1", "--memory", "1g",
                           "--work-dir", f"{self.folder}/{host}", self.master, hidden=self.hides)
            self.wait("127.0.0.2", "127.0.0.3")
        except BaseException:
            self.__exit__()
            raise
        return self

    def without_the_folder(self, *command):
        """A command in a view of the disk in which the driver's folder is empty."""
        return ["unshare", "-m", "sh", "-c", 'mount -t tmpfs none "$0" && exec "$@"', self.hidden, *command]

    def start(self, name, *arguments, hidden=False):
        home = os.path.dirname(pyspark.__file__)
        command = [f"{home}/bin/spark-class", *arguments, "--webui-port", "0"]
        environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "SPARK_LOCAL_IP")}
        environment.update(SPARK_HOME=home, SPARK_DAEMON_MEMORY="256m")
        with open(f"{self.folder}/{name}.log", "wb") as log:
            self.processes.append(subprocess.Popen(
                self.without_the_folder(*command) if hidden else command, stdout=log, stderr=subprocess.STDOUT, env=environment))

    def wait(self, *workers):
        """Until the workers have found the master: two minutes at most."""
        for _ in range(240):
            said = [open(f"{self.folder}/{name}.log").read() for name in workers]
            if all("Successfully registered with master" in text for text in said):
                return
            time.sleep(0.5)
        sys.exit("the workers did not find their master: " + said[0][-2000:])

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
