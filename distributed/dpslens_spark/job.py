"""One night on Spark: read the new files, cut the readings into parts, bring the parts up, unite them, run the rules."""
import hashlib
import json
import os
import shutil

from . import worker

FILES = "path string, length long, modified timestamp, content binary"
READING = "reading string, kind string, seq int, data binary"
SHARD = "part int, reading string, seq int, data binary"
PART = "part int, kind string, seq int, data binary, row string"
LINK = "registration string, device string"

#: The columns of findings as every export of dpslens has them.
FINDING = (
    "finding_id", "rule", "severity", "confidence", "status", "subject_kind", "subject", "registration_id", "device_id",
    "enrollment_group", "dps", "hub", "first_seen", "last_seen", "occurrences", "incident", "reason", "summary", "fix", "evidence",
)

#: How tables with pieces of databases are written: Parquet looks after every row, not after a hundred, whether a page or a
#: group is full, which is held in memory and copied to be compressed.
PIECES = {"parquet.page.size.row.check.min": "1", "parquet.block.size.row.check.min": "1", "parquet.block.size": str(16 << 20)}

#: Views that the driver's database may lack: the parts give them.
OF_PARTS = ("events", "contacts")


class Job:
    """Where a fleet's parts lie, and how they are worked on.

    work holds what stays between nights, below any path that Spark reads and writes: `files/RUN` (what was read), `links/RUN` (ids
    that belong together), `parts/RUN` (the parts' databases), `tables/RUN`, `rows/RUN` (the rules') and `findings/RUN`;
    a run is named by its number and its night.

    program is dpslens on the driver; sent is what the workers call it, if Spark sends it to them (SparkContext.addFile).
    """

    def __init__(self, spark, work, parts, program="dpslens", partition_bytes=64 << 20, sent=None):
        self.spark, self.work, self.parts, self.program = spark, work.rstrip("/"), parts, program
        self.partition_bytes, self.sent = partition_bytes, sent

    def path(self, *steps):
        return "/".join((self.work, *steps))

    def exists(self, path):
        jvm = self.spark.sparkContext._jvm
        place = jvm.org.apache.hadoop.fs.Path(path)
        return place.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration()).exists(place)

    def qualified(self, path):
        """A path as Spark names files below it."""
        place = self.spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)
        return place.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration()).makeQualified(place).toString().rstrip("/")

    def step(self, name, rows=4):
        """Names what follows in Spark's own pages and event log, and says how many rows of a table a worker holds at once.

        Rows that are pieces of databases have megabytes each; Spark reads 4096 of a Parquet file at once unless told.
        """
        self.spark.sparkContext.setJobDescription(f"dpslens: {name}")
        self.spark.conf.set("spark.sql.parquet.columnarReaderBatchSize", str(rows))

    def committed(self, *steps):
        """A table that was written to its end, or None: a run that was killed leaves no _SUCCESS."""
        path = self.path(*steps)
        return self.spark.read.parquet(path) if self.exists(path + "/_SUCCESS") else None

    # Reading

    def new_files(self, logs, earlier):
        """Files that no night has read as they are now; their paths begin with the name of the folder that was named."""
        from pyspark.sql import functions as F

        roots = [self.qualified(one) for one in logs]
        twice = sorted({_tail(one) for one in roots if sum(_tail(one) == _tail(other) for other in roots) > 1})
        if twice:
            raise worker.Failed(f"two folders of logs are named {twice[0]}, and their files could not be told apart; name one above them")
        found = None
        for root in roots:
            files = (
                self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(root)
                .select(
                    F.concat(F.lit(_tail(root) + "/"), F.expr(f"substring(path, {len(root) + 2})")).alias("path"), "length",
                    F.col("modificationTime").alias("modified"), "content",
                )
            )
            found = files if found is None else found.unionByName(files)
        known = self.committed("files", earlier) if earlier else None
        if known is None:
            return found
        return found.join(known.select("path", "length", "modified"), ["path", "length", "modified"], "left_anti")

    def read(self, logs, night, earlier):
        """Map stage: each task reads its files with dpslens and gives the database of what they say."""
        from pyspark.sql import functions as F

        files = self.new_files(logs, earlier)
        sizes = files.agg(F.coalesce(F.sum("length"), F.lit(0)).alias("bytes"), F.count("*").alias("files")).first()
        if sizes["files"] == 0:
            return None
        tasks = max(1, min(sizes["files"], sizes["bytes"] // self.partition_bytes + 1))
        program = self.sent or self.program

        def task(batches):
            import pyarrow

            names = []
            with worker.Folder() as folder:
                for path, data in worker.rows(batches):
                    worker.put(folder, "in/" + path, data)
                    names.append(path)
                if not names:
                    return
                names.sort()
                # The same files make the same reading, whichever attempt of the task it was.
                reading = hashlib.sha256("\n".join(names).encode()).hexdigest()[:16]
                root = folder.path
                folder.path = root + "/in"
                try:
                    folder.dpslens(program, "ingest", *sorted({n.split("/")[0] for n in names}), "--db", "../m.db", "-q", "--drop-raw")
                    pairs = folder.dpslens(program, "split", "--show-links", "--db", "../m.db")
                finally:
                    folder.path = root
                yield _batch(pyarrow, READING, [(reading, "links", 0, pairs.encode())])
                for seq, data in worker.database(folder, "m.db"):
                    yield _batch(pyarrow, READING, [(reading, "db", seq, data)])

        # Before the contents: what a file grows by while it is read is read by the next run, too, and not lost.
        files.select("path", "length", "modified").write.mode("overwrite").parquet(self.path("new-files", night))
        (files.select("path", "content").repartition(int(tasks), "path").mapInArrow(task, READING)
            .write.options(**PIECES).mode("overwrite").parquet(self.path("readings", night)))
        return self.spark.read.parquet(self.path("readings", night))

    def links(self, readings, night, earlier):
        """All links ever seen, as CSV; the driver holds them: they are few beside the devices."""
        pairs = set()
        known = self.committed("links", earlier) if earlier else None
        if known is not None:
            pairs = {(row[0], row[1]) for row in known.collect()}
        for row in readings.where("kind = 'links'").select("data").collect():
            pairs |= worker.pairs(bytes(row[0]).decode())
        pairs = sorted(pairs)
        self.spark.createDataFrame(pairs, LINK).coalesce(1).write.mode("overwrite").parquet(self.path("links", night))
        return worker.links(pairs)

    # Parts

    def split(self, readings, links):
        """Cuts each reading into the parts."""
        program, parts = self.sent or self.program, self.parts
        shared = self.spark.sparkContext.broadcast(links)

        def task(batches):
            import pyarrow

            def cut(folder, reading):
                with open(folder.file("links.csv"), "w") as file:
                    file.write(shared.value)
                folder.dpslens(program, "split", "--db", "m.db", "--parts", str(parts), "--links", "links.csv", "--to", "out", "-q")
                for part in range(parts):
                    for seq, data in worker.database(folder, f"out/part-{part:05}.db"):
                        yield _batch(pyarrow, SHARD, [(part, reading, seq, data)])

            current, folder = None, None
            try:
                for reading, seq, data in worker.rows(batches):
                    if reading != current:
                        if folder:
                            yield from cut(folder, current)
                            folder.__exit__()
                        current, folder = reading, worker.Folder()
                    worker.put(folder, "m.db", data)
                if folder:
                    yield from cut(folder, current)
            finally:
                if folder:
                    folder.__exit__()

        data = readings.where("kind = 'db'").select("reading", "seq", "data")
        return (data.repartition("reading").sortWithinPartitions("reading", "seq").mapInArrow(task, SHARD))

    def bring_up(self, shards, before, night):
        """Reduce stage: each part's database takes the new shards; its views come out beside it."""
        program, parts = self.sent or self.program, self.parts
        every = self.spark.range(parts).selectExpr("cast(id as int) part", "'2' kind", "'' reading", "0 seq", "cast('' as binary) data")
        rows = shards.selectExpr("part", "'1' kind", "reading", "seq", "data").unionByName(every)
        if before is not None:
            rows = rows.unionByName(before.where("kind = 'db'").selectExpr("part", "'0' kind", "'' reading", "seq", "data"))

        def task(batches):
            import pyarrow

            def finish(folder, part, names):
                # What the committed part holds, or earlier parts that are cut anew, is united already: only what comes now has
                # arrived.
                target = ["--part", f"{part}/{parts}", "--db", "part.db", "-q"]
                earlier = [name for name in names if name.startswith("shard-0-")]
                if earlier:
                    folder.dpslens(program, "merge", *earlier, *target)
                united = ["--united"] if os.path.exists(folder.file("part.db")) else []
                folder.dpslens(program, "merge", *[name for name in names if name not in earlier], *target, *united)
                folder.dpslens(program, "export", "--db", "part.db", "--to", "out", "--format", "jsonl", "-q")
                for seq, data in worker.database(folder, "part.db"):
                    yield _batch(pyarrow, PART, [(part, "db", seq, data, None)])
                for view in OF_PARTS:
                    lines = []
                    with open(folder.file(f"out/{view}.jsonl")) as file:
                        for seq, line in enumerate(file):
                            lines.append((part, view, seq, None, line))
                            if len(lines) == 10_000:
                                yield _batch(pyarrow, PART, lines)
                                lines = []
                    if lines:
                        yield _batch(pyarrow, PART, lines)

            current, folder, names = None, None, []
            try:
                for part, kind, reading, seq, data in worker.rows(batches):
                    if part != current:
                        if folder:
                            yield from finish(folder, current, names)
                            folder.__exit__()
                        current, folder, names = part, worker.Folder(), []
                    if kind == "0":
                        worker.put(folder, "part.db", data)
                    elif kind == "1":
                        name = f"shard-{reading}.db"
                        if name not in names:
                            names.append(name)
                        worker.put(folder, name, data)
                if folder:
                    yield from finish(folder, current, names)
            finally:
                if folder:
                    folder.__exit__()

        keys = self.spark.createDataFrame(list(enumerate(self.keys())), "part int, key int").coalesce(1)
        from pyspark.sql import functions as F

        (rows.join(F.broadcast(keys), "part").repartition(parts, "key").sortWithinPartitions("part", "kind", "reading", "seq")
            .select("part", "kind", "reading", "seq", "data").mapInArrow(task, PART)
            .write.options(**PIECES).mode("overwrite").partitionBy("kind").parquet(self.path("parts", night)))
        return self.spark.read.parquet(self.path("parts", night))

    def keys(self):
        """For each part a number that Spark's hash sends to a task of its own: parts themselves would meet in some tasks."""
        found = {}
        numbers = self.spark.range(self.parts * 40).selectExpr("cast(id as int) key", f"pmod(hash(cast(id as int)), {self.parts}) task")
        for key, task in numbers.collect():
            found.setdefault(task, key)
        return [found.get(part, part) for part in range(self.parts)]

    # The whole

    def unite(self, parts, database, folder, with_events):
        """Brings the parts to the driver one by one and unites them in its database."""
        os.makedirs(folder, exist_ok=True)
        names = []
        rows = parts.where("kind = 'db'").select("part", "seq", "data").orderBy("part", "seq").toLocalIterator()
        for part, _, data in rows:
            name = f"{folder}/part-{part:05}.db"
            if name not in names:
                names.append(name)
            with open(name, "ab") as file:
                file.write(bytes(data))
        events = [] if with_events else ["--without-events"]
        self.here("merge", *names, "--db", database, "-q", *events)

    def here(self, *arguments):
        """Runs dpslens on the driver."""
        return worker.run(self.program, arguments)

    def tables(self, parts, database, folder, night):
        """The views as Parquet and as views of the session: of the parts what the driver's database lacks, else of it."""
        self.here("export", "--db", database, "--to", folder, "--format", "jsonl", "-q")
        with open(f"{folder}/manifest.json") as file:
            manifest = json.load(file)
        from pyspark.sql import functions as F

        for table in manifest["tables"]:
            view = table["view"]
            schema = ", ".join(f"`{c['name']}` {'BIGINT' if c['type'] == 'BIGINT' else 'STRING'}" for c in table["columns"])
            if view in OF_PARTS:
                lines = parts.where(F.col("kind") == view).select(F.col("row").alias("value"))
            else:
                # The workers see no disk of the driver's.
                lines = self.spark.read.text(self.carried(f"{folder}/{table['file']}", "carried", night, table["file"]))
            target = self.path("tables", night, view)
            lines.select(F.from_json("value", schema, {"mode": "FAILFAST"}).alias("r")).select("r.*").write.mode(
                "overwrite").parquet(target)
            self.spark.read.parquet(target).createOrReplaceTempView(view)
        self.remove(self.path("carried", night))

    def carried(self, file, *steps):
        """Copies a file from the driver's disk to where workers read; its path there."""
        target = self.path(*steps)
        path = self.spark.sparkContext._jvm.org.apache.hadoop.fs.Path
        place = path(target)
        system = place.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration())
        system.copyFromLocalFile(False, True, path("file://" + os.path.abspath(file)), place)
        return target

    def rules(self, night):
        """Runs the rendered rules; their rows in one table, with the rule's name in front."""
        from pyspark.sql import functions as F

        columns = {
            "subject": "string", "registration_id": "string", "device_id": "string", "enrollment_group": "string",
            "dps": "string", "hub": "string", "first_seen": "bigint", "last_seen": "bigint", "occurrences": "bigint",
            "reason": "string", "confidence": "string", "evidence": "string", "evidence_2": "string", "evidence_3": "string",
            "subject_kind": "string", "severity": "string", "episode": "string", "fix": "string", "codes": "string",
            "said": "string", "most": "string", "first_struck": "string",
        }
        target, mode = self.path("rows", night), "overwrite"
        for line in self.here("rules", "render", "--dialect", "spark", "--format", "jsonl").splitlines():
            rule = json.loads(line)
            frame = self.spark.sql(rule["sql"])
            given = set(frame.columns)
            frame.select(
                F.lit(rule["rule"]).alias("rule"),
                *[(F.col(c).cast(t) if c in given else F.lit(None).cast(t)).alias(c) for c, t in columns.items()],
            ).coalesce(1).write.mode(mode).parquet(target)
            mode = "append"
        return self.spark.read.parquet(target)

    def findings(self, database, night):
        """The findings of the united database as a table: what dpslens makes of the rules' rows, with incidents and states."""
        lines = self.here("findings", "--db", database, "--format", "jsonl").splitlines()
        columns = ", ".join(f"`{name}` {'BIGINT' if name == 'occurrences' else 'STRING'}" for name in FINDING)
        rows = [tuple(finding.get(name) for name in FINDING) for finding in map(json.loads, lines)]
        self.spark.createDataFrame(rows, columns).coalesce(1).write.mode("overwrite").parquet(self.path("findings", night))

    def run(self, logs, night, database, with_events=True, with_rules=True):
        """A night from its folders of logs to its findings. What was committed before stays if it fails; the next run reads the rest."""
        done = self.done()
        earlier = done[-1] if done else None
        night = f"{int(earlier[:6]) + 1 if earlier else 1:06}-{night}"
        before = self.committed("parts", earlier) if earlier else None
        self.step("read")
        readings = self.read(logs, night, earlier)
        if readings is None and before is None:
            raise worker.Failed(f"there is no file below {', '.join(logs)}")
        links = self.links(readings, night, earlier) if readings is not None else None
        self.step("bring parts up")
        if readings is not None:
            parts = self.bring_up(self.split(readings, links), before, night)
        else:
            night, parts = earlier, before
        folder = os.path.abspath(database) + f".night-{os.getpid()}"
        self.step("unite")
        try:
            try:
                self.unite(parts, database, folder + "/parts", with_events)
            except worker.Scattered:
                # Ids that tonight's logs join lie in two parts: all of them are cut anew, by all links.
                if readings is None or before is None:
                    raise
                shutil.rmtree(folder, ignore_errors=True)
                old = before.where("kind = 'db'").selectExpr(
                    "concat('0-', lpad(cast(part as string), 5, '0')) reading", "'db' kind", "seq", "data")
                self.step("cut all parts anew")
                whole = readings.select("reading", "kind", "seq", "data").unionByName(old)
                parts = self.bring_up(self.split(whole, links), None, night)
                self.unite(parts, database, folder + "/parts", with_events)
            self.step("tables", 4096)
            self.tables(parts, database, folder + "/export", night)
            self.step("rules", 4096)
            rows = self.rules(night) if with_rules else None
            self.findings(database, night)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        self.step("settle", 4096)
        if readings is not None:
            self.settle(night, done)
        self.last = night
        return rows

    # What stays between nights

    def done(self):
        """The runs that came to their end, in their order; each is named by its number and its night."""
        root = self.path("done")
        if not self.exists(root):
            return []
        place = self.spark.sparkContext._jvm.org.apache.hadoop.fs.Path(root)
        system = place.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration())
        names = sorted(status.getPath().getName() for status in system.listStatus(place))
        return [name for name in names if self.exists(f"{root}/{name}/_SUCCESS")]

    def settle(self, run, done):
        """Notes what the next run need not read; from the last line on the run counts, and what none needs any more goes."""
        files = self.spark.read.parquet(self.path("new-files", run))
        known = self.committed("files", done[-1]) if done else None
        if known is not None:
            files = known.join(files.select("path"), "path", "left_anti").unionByName(files)
        files.coalesce(1).write.mode("overwrite").parquet(self.path("files", run))
        self.spark.createDataFrame([(run,)], "run string").coalesce(1).write.mode("overwrite").parquet(self.path("done", run))
        for old in done[:-1]:
            for table in ("parts", "tables", "files", "links", "new-files", "readings"):
                self.remove(self.path(table, old))
        self.remove(self.path("readings", run))

    def remove(self, path):
        place = self.spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)
        place.getFileSystem(self.spark.sparkContext._jsc.hadoopConfiguration()).delete(place, True)


def _batch(pyarrow, schema, rows):
    """Rows as an Arrow batch of a schema as Spark writes it."""
    types = {"string": pyarrow.string(), "int": pyarrow.int32(), "long": pyarrow.int64(), "binary": pyarrow.binary()}
    fields = [part.split() for part in schema.split(", ")]
    columns = [pyarrow.array([row[i] for row in rows], types[kind]) for i, (_, kind) in enumerate(fields)]
    return pyarrow.RecordBatch.from_arrays(columns, names=[name for name, _ in fields])


def _tail(path):
    """The last step of a path, by which files are named as when dpslens reads the folder beside it."""
    return path.rstrip("/").rsplit("/", 1)[-1]
