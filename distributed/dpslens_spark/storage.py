"""What lies below WORK, as the driver sees it: through Hadoop's file systems, which know the paths that Spark knows."""
import os


class Storage:
    """Paths that Spark reads and writes, without Spark's jobs."""

    def __init__(self, spark):
        self.spark, context = spark, spark.sparkContext
        self.java, self.settings = context._jvm, context._jsc.hadoopConfiguration()

    def place(self, path):
        """A path, or the address of a file as Spark gives it, with its file system."""
        place = self.java.org.apache.hadoop.fs.Path(path)
        return place, place.getFileSystem(self.settings)

    def exists(self, path):
        place, system = self.place(path)
        return system.exists(place)

    def qualified(self, path):
        """A path as Spark names files below it."""
        place, system = self.place(path)
        return system.makeQualified(place).toString().rstrip("/")

    def names(self, path):
        """The names in a folder, in their order; none where there is no folder."""
        place, system = self.place(path)
        return sorted(status.getPath().getName() for status in system.listStatus(place)) if system.exists(place) else []

    def remove(self, path):
        place, system = self.place(path)
        system.delete(place, True)

    def carry(self, file, target):
        """Copies a file of the driver's disk to where workers read."""
        place, system = self.place(target)
        system.copyFromLocalFile(False, True, self.java.org.apache.hadoop.fs.Path("file://" + os.path.abspath(file)), place)

    def fetch(self, address, file):
        """Copies a file to the driver's disk, stream by stream: nothing of it stays in memory."""
        place, system = self.place(self.java.java.net.URI(address))
        system.copyToLocalFile(False, place, self.java.org.apache.hadoop.fs.Path("file://" + os.path.abspath(file)), True)

    def rows(self, table, columns, folder):
        """The rows of a table in Parquet, one by one and in no order, over a folder on the driver's disk.

        Never through Spark's results, which the driver's heap would have to hold: it fetches a file at a time, and a row of
        the file's at once. Which files count, Spark says: others may lie there of tasks that failed.
        """
        import pyarrow.parquet

        os.makedirs(folder, exist_ok=True)
        copy = os.path.join(folder, "table.parquet")
        for address in sorted(self.spark.read.parquet(table).inputFiles()):
            self.fetch(address, copy)
            with pyarrow.parquet.ParquetFile(copy, pre_buffer=False) as file:
                for batch in file.iter_batches(batch_size=1, columns=list(columns), use_threads=False):
                    for row in range(batch.num_rows):
                        yield tuple(batch.column(name)[row].as_py() for name in columns)
            os.remove(copy)
