"""One night on Spark: read the new files, cut the readings into parts, bring the parts up, unite them, run the rules."""
import hashlib
import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

from . import worker
from .storage import Storage

FILES = "path string, length long, modified timestamp, content binary"
READING = "reading string, kind string, at long, size long, data binary"
SHARD = "part int, reading string, at long, size long, data binary"
PART = "part int, kind string, at long, size long, data binary, row string"
LINK = "registration string, device string"

#: The columns of findings as every export of dpslens has them.
FINDING = (
    "finding_id", "rule", "severity", "confidence", "status", "subject_kind", "subject", "registration_id", "device_id",
    "enrollment_group", "dps", "hub", "first_seen", "last_seen", "occurrences", "incident", "reason", "summary", "fix", "evidence",
)

#: How tables with pieces of databases are written: Parquet looks after every row, not after a hundred, whether a page or a
#: group is full, which is held in memory and copied to be compressed.
PIECES = {"parquet.page.size.row.check.min": "1", "parquet.block.size.row.check.min": "1", "parquet.block.size": str(16 << 20)}

#: Views with a row a record, which the driver's database may lack: the parts give them.
OF_PARTS = ("events", "contacts")


class Job:
    """Where a fleet's parts lie, and how they are worked on.

    work holds what stays between nights, below any path that Spark reads and writes: `files/RUN` (what was read), `links/RUN` (ids
    that belong together), `parts/RUN` (the parts' databases), `tables/RUN`, `rows/RUN` (the rules') and `findings/RUN`;
    a run is named by its number and its night.

    program is dpslens on the driver; sent is what the workers call it, if Spark sends it to them (SparkContext.addFile).
    """

    def __init__(self, spark, work, parts, program="dpslens", partition_bytes=64 << 20, sent=None, piece=worker.CHUNK):
        self.spark, self.work, self.parts, self.program = spark, work.rstrip("/"), parts, program
        self.partition_bytes, self.sent, self.piece, self.storage = partition_bytes, sent, piece, Storage(spark)

    def path(self, *steps):
        return "/".join((self.work, *steps))

    def step(self, name, rows=4):
        """Names what follows in Spark's own pages and event log, and says how many rows of a table a worker holds at once.

        Rows that are pieces of databases have megabytes each; Spark reads 4096 of a Parquet file at once unless told.
        """
        self.spark.sparkContext.setJobDescription(f"dpslens: {name}")
        self.spark.conf.set("spark.sql.parquet.columnarReaderBatchSize", str(rows))
        # Else a task sorts all that it writes by the folder it goes to, pieces of databases with it.
        self.spark.conf.set("spark.sql.maxConcurrentOutputFileWriters", "8")

    def committed(self, *steps):
        """A table that was written to its end, or None: a run that was killed leaves no _SUCCESS."""
        path = self.path(*steps)
        return self.spark.read.parquet(path) if self.storage.exists(path + "/_SUCCESS") else None

    # Reading

    def new_files(self, logs, earlier):
        """Files that no night has read as they are now; their paths begin with the name of the folder that was named."""
        from pyspark.sql import functions as F

        roots = [self.storage.qualified(one) for one in logs]
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
        program, piece = self.sent or self.program, self.piece

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
                yield _batch(pyarrow, READING, [(reading, "links", 0, 0, pairs.encode())])
                for at, size, data in worker.database(folder, "m.db", piece):
                    yield _batch(pyarrow, READING, [(reading, "db", at, size, data)])

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
            pairs = {(row[0], row[1]) for row in known.toLocalIterator()}
        for row in readings.where("kind = 'links'").select("data").toLocalIterator():
            pairs |= worker.pairs(bytes(row[0]).decode())
        pairs = sorted(pairs)
        self.spark.createDataFrame(pairs, LINK).coalesce(1).write.mode("overwrite").parquet(self.path("links", night))
        return worker.links(pairs)

    # Parts

    def split(self, readings, links):
        """Cuts each reading into the parts."""
        program, parts, piece = self.sent or self.program, self.parts, self.piece
        shared = self.spark.sparkContext.broadcast(links)

        def task(batches):
            import pyarrow

            def cut(folder, reading):
                with open(folder.file("links.csv"), "w") as file:
                    file.write(shared.value)
                folder.dpslens(program, "split", "--db", "m.db", "--parts", str(parts), "--links", "links.csv", "--to", "out", "-q")
                for part in range(parts):
                    for at, size, data in worker.database(folder, f"out/part-{part:05}.db", piece):
                        yield _batch(pyarrow, SHARD, [(part, reading, at, size, data)])

            with worker.Folders() as folders:
                for reading, at, size, data in worker.rows(batches):
                    folders.of(reading).take("m.db", at, size, data)
                for reading, folder, _ in folders.whole():
                    yield from cut(folder, reading)

        data = readings.where("kind = 'db'").select("reading", "at", "size", "data")
        return data.repartition("reading").mapInArrow(task, SHARD)

    def bring_up(self, shards, before, night, views):
        """Reduce stage: each part's database takes the new shards; those of its views that are asked for come out beside it."""
        program, parts, piece = self.sent or self.program, self.parts, self.piece
        views = [view for view in OF_PARTS if view in views]
        every = self.spark.range(parts).selectExpr(
            "cast(id as int) part", "'2' kind", "'' reading", "0L at", "0L size", "cast('' as binary) data")
        rows = shards.selectExpr("part", "'1' kind", "reading", "at", "size", "data").unionByName(every)
        if before is not None:
            rows = rows.unionByName(
                before.where("kind = 'db'").selectExpr("part", "'0' kind", "'' reading", "at", "size", "data"))

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
                new = [name for name in names if name not in earlier and name != "part.db"]
                folder.dpslens(program, "merge", *new, *target, *united)
                if views:
                    chosen = [word for view in views for word in ("--view", view)]
                    folder.dpslens(program, "export", "--db", "part.db", "--to", "out", "--format", "jsonl", "-q", *chosen)
                for at, size, data in worker.database(folder, "part.db", piece):
                    yield _batch(pyarrow, PART, [(part, "db", at, size, data, None)])
                if views:
                    with open(folder.file("out/manifest.json")) as file:
                        yield _batch(pyarrow, PART, [(part, "manifest", 0, 0, None, file.read())])
                for view in views:
                    for at, lines in worker.lines(folder.file(f"out/{view}.jsonl")):
                        yield _rows(pyarrow, part, view, at, lines)

            with worker.Folders() as folders:
                for part, kind, reading, at, size, data in worker.rows(batches):
                    pieces = folders.of(part)
                    if kind != "2":
                        pieces.take("part.db" if kind == "0" else f"shard-{reading}.db", at, size, data)
                for part, folder, names in folders.whole():
                    yield from finish(folder, part, names)

        keys = self.spark.createDataFrame(list(enumerate(self.keys())), "part int, key int").coalesce(1)
        from pyspark.sql import functions as F

        (rows.join(F.broadcast(keys), "part").repartition(parts, "key")
            .select("part", "kind", "reading", "at", "size", "data").mapInArrow(task, PART)
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

    def unite(self, night, database, folder, with_events):
        """Brings the parts to the driver's disk and unites them in its database; no byte of them goes through its heap."""
        pieces = worker.Pieces(worker.Folder(folder))
        columns = ("part", "at", "size", "data")
        for part, at, size, data in self.storage.rows(self.path("parts", night, "kind=db"), columns, f"{folder}/fetched"):
            pieces.take(f"part-{part:05}.db", at, size, data)
        names = [f"{folder}/{name}" for name in pieces.finish()]
        events = [] if with_events else ["--without-events"]
        self.here("merge", *names, "--db", database, "-q", *events)
        shutil.rmtree(folder)

    def here(self, *arguments):
        """Runs dpslens on the driver."""
        return worker.run(self.program, arguments)

    def of_parts(self, parts, night, views):
        """Of the views that are asked for those with a row a record, as the parts' manifest has them; one that they lack is an error."""
        asked = sorted(views & set(OF_PARTS))
        said = parts.where("kind = 'manifest'").select("row").first() if asked else None
        there = {table["view"]: table for table in json.loads(said["row"])["tables"]} if said else {}
        lacking = [view for view in asked if view not in there]
        if lacking:
            raise worker.Failed(
                f"the parts of {night} were written without {' and '.join(lacking)}; ask for it in a run that reads new files")
        return {view: there[view] for view in asked}

    def tables(self, parts, of_parts, database, folder, night, views):
        """Views as Parquet and as views of the session: those with a row a record of the parts, the others of the driver's database."""
        def export(view):
            self.here("export", "--db", database, "--to", f"{folder}/{view}", "--format", "jsonl", "-q", "--view", view)
            with open(f"{folder}/{view}/manifest.json") as file:
                return view, json.load(file)["tables"][0]

        # The first one brings the database up to date, for which it must be alone. Then the driver may as well use all of its
        # cores, since nobody else works meanwhile.
        os.makedirs(folder, exist_ok=True)
        of_whole = sorted(views - set(OF_PARTS))
        tables = {**of_parts, **dict(map(export, of_whole[:1]))}
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            tables.update(pool.map(export, of_whole[1:]))
        from pyspark.sql import functions as F

        for view, table in sorted(tables.items()):
            if view in of_parts:
                lines = parts.where(F.col("kind") == view).select(F.col("row").alias("value"))
                self.table(lines, columns(table), "tables", night, view)
            else:
                self.table_of_file(f"{folder}/{view}/{table['file']}", columns(table), "tables", night, view)
                shutil.rmtree(f"{folder}/{view}")
            self.spark.read.parquet(self.path("tables", night, view)).createOrReplaceTempView(view)

    def table(self, lines, schema, *steps):
        """Writes lines of JSON as a table; a line that is none of the schema is an error."""
        from pyspark.sql import functions as F

        rows = lines.select(F.from_json("value", schema, {"mode": "FAILFAST"}).alias("r")).select("r.*")
        rows.write.mode("overwrite").parquet(self.path(*steps))

    def table_of_file(self, file, schema, *steps):
        """Writes a file of the driver's disk, lines of JSON, as a table; workers see it below WORK only."""
        carried = self.path("carried", *steps[1:], os.path.basename(file))
        self.storage.carry(file, carried)
        self.table(self.spark.read.text(carried), schema, *steps)
        self.storage.remove(self.path("carried"))

    def rendered(self):
        """The rules as Spark runs them, and all views that they read."""
        rules = [json.loads(line) for line in self.here("rules", "render", "--dialect", "spark", "--format", "jsonl").splitlines()]
        return rules, {view for rule in rules for view in rule["views"].split(", ") if view}

    def rules(self, rules, night):
        """Runs rendered rules; their rows in one table, with the rule's name in front."""
        from pyspark.sql import functions as F

        columns = {
            "subject": "string", "registration_id": "string", "device_id": "string", "enrollment_group": "string",
            "dps": "string", "hub": "string", "first_seen": "bigint", "last_seen": "bigint", "occurrences": "bigint",
            "reason": "string", "confidence": "string", "evidence": "string", "evidence_2": "string", "evidence_3": "string",
            "subject_kind": "string", "severity": "string", "episode": "string", "fix": "string", "codes": "string",
            "said": "string", "most": "string", "first_struck": "string",
        }
        target, mode = self.path("rows", night), "overwrite"
        for rule in rules:
            frame = self.spark.sql(rule["sql"])
            given = set(frame.columns)
            frame.select(
                F.lit(rule["rule"]).alias("rule"),
                *[(F.col(c).cast(t) if c in given else F.lit(None).cast(t)).alias(c) for c, t in columns.items()],
            ).repartition(1).write.mode(mode).parquet(target)
            mode = "append"
        return self.spark.read.parquet(target)

    def findings(self, database, folder, night):
        """The findings of the united database as a table: what dpslens makes of the rules' rows, with incidents and states."""
        os.makedirs(folder, exist_ok=True)
        file = f"{folder}/findings.jsonl"
        self.here("findings", "--db", database, "--format", "jsonl", "-o", file)
        schema = ", ".join(f"`{name}` {'BIGINT' if name == 'occurrences' else 'STRING'}" for name in FINDING)
        self.table_of_file(file, schema, "findings", night)

    def run(self, logs, night, database, with_events=True, with_rules=True, views=()):
        """A night from its folders of logs to its findings. What was committed before stays if it fails; the next run reads the rest.

        views names those that become tables besides what the rules read.
        """
        rules, needed = self.rendered() if with_rules else ([], set())
        views = needed | set(views)
        done = self.done()
        earlier = done[-1] if done else None
        night = f"{int(earlier[:6]) + 1 if earlier else 1:06}-{night}"
        before = self.committed("parts", earlier) if earlier else None
        if before is not None and "size" not in before.columns:
            raise worker.Failed(f"{self.work} was written by an earlier version of this package; begin with an empty one")
        self.step("read")
        readings = self.read(logs, night, earlier)
        if readings is None and before is None:
            raise worker.Failed(f"there is no file below {', '.join(logs)}")
        links = self.links(readings, night, earlier) if readings is not None else None
        self.step("bring parts up")
        if readings is not None:
            parts = self.bring_up(self.split(readings, links), before, night, views)
        else:
            night, parts = earlier, before
        of_parts = self.of_parts(parts, night, views)
        folder = os.path.abspath(database) + f".night-{os.getpid()}"
        self.step("unite")
        try:
            try:
                self.unite(night, database, folder + "/parts", with_events)
            except worker.Scattered:
                # Ids that tonight's logs join lie in two parts: all of them are cut anew, by all links.
                if readings is None or before is None:
                    raise
                shutil.rmtree(folder, ignore_errors=True)
                old = before.where("kind = 'db'").selectExpr(
                    "concat('0-', lpad(cast(part as string), 5, '0')) reading", "'db' kind", "at", "size", "data")
                self.step("cut all parts anew")
                whole = readings.select("reading", "kind", "at", "size", "data").unionByName(old)
                parts = self.bring_up(self.split(whole, links), None, night, views)
                self.step("unite")
                self.unite(night, database, folder + "/parts", with_events)
            self.step("tables", 4096)
            self.tables(parts, of_parts, database, folder + "/export", night, views)
            self.step("rules", 4096)
            rows = self.rules(rules, night) if with_rules else None
            self.step("findings", 4096)
            self.findings(database, folder, night)
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
        return [name for name in self.storage.names(root) if self.storage.exists(f"{root}/{name}/_SUCCESS")]

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
                self.storage.remove(self.path(table, old))
        self.storage.remove(self.path("readings", run))


def known_views(program):
    """The views that dpslens exports, in their order, as it exports them of no logs."""
    with worker.Folder() as folder:
        worker.put(folder, "logs/none.json", b"")
        folder.dpslens(program, "ingest", "logs", "--db", "none.db", "-q")
        folder.dpslens(program, "export", "--db", "none.db", "--to", "out", "--format", "jsonl", "-q")
        with open(folder.file("out/manifest.json")) as file:
            return [table["view"] for table in json.load(file)["tables"]]


def columns(table):
    """The columns of a table as its manifest has them, for Spark."""
    return ", ".join(f"`{column['name']}` {'BIGINT' if column['type'] == 'BIGINT' else 'STRING'}" for column in table["columns"])


def _batch(pyarrow, schema, rows):
    """Rows as an Arrow batch of a schema as Spark writes it."""
    types = {"string": pyarrow.string(), "int": pyarrow.int32(), "long": pyarrow.int64(), "binary": pyarrow.binary()}
    fields = [part.split() for part in schema.split(", ")]
    columns = [pyarrow.array([row[i] for row in rows], types[kind]) for i, (_, kind) in enumerate(fields)]
    return pyarrow.RecordBatch.from_arrays(columns, names=[name for name, _ in fields])


def _rows(pyarrow, part, view, at, lines):
    """Lines of a view as a batch of PART."""
    count = len(lines)
    return pyarrow.RecordBatch.from_arrays([
        pyarrow.repeat(pyarrow.scalar(part, pyarrow.int32()), count), pyarrow.repeat(view, count),
        pyarrow.array(range(at, at + count), pyarrow.int64()), pyarrow.repeat(pyarrow.scalar(0, pyarrow.int64()), count),
        pyarrow.nulls(count, pyarrow.binary()), pyarrow.array(lines, pyarrow.binary()).cast(pyarrow.string()),
    ], names=[field.split()[0] for field in PART.split(", ")])


def _tail(path):
    """The last step of a path, by which files are named as when dpslens reads the folder beside it."""
    return path.rstrip("/").rsplit("/", 1)[-1]
