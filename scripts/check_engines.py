"""What scripts/check-engines runs: rows of rules on SQLite beside those of another engine."""
import glob
import json
import os
import re
import sqlite3
import subprocess
import sys
import time

ENGINE, DPSLENS, ROOT, WORK = sys.argv[1:5]
COLUMNS = [
    "subject", "registration_id", "device_id", "enrollment_group", "dps", "hub", "first_seen", "last_seen", "occurrences",
    "reason", "confidence", "evidence", "evidence_2", "evidence_3", "subject_kind", "severity", "episode", "fix", "codes",
    "said", "most", "first_struck",
]


#: What ClickHouse refuses (docs/engines.md); should it take one, its rows are compared.
REFUSED = ("assigned-never-connected", "attested-never-connected", "no-fallback-to-dps")


def dpslens(*arguments, codes=(0, 2)):
    """Runs the program; its standard output."""
    done = subprocess.run([DPSLENS, *arguments], capture_output=True, text=True)
    if done.returncode not in codes:
        sys.exit(f"check-engines: dpslens {' '.join(arguments)}: {done.returncode} {done.stderr[-500:]}")
    return done.stdout


def table(columns, rows):
    """Rows by the documented columns in total order; the types count: a fraction is no integer."""
    place = {}
    for index, name in enumerate(columns):
        place.setdefault(name.lower(), index)
    out = [tuple(row[place[name]] if name in place else None for name in COLUMNS) for row in rows]
    for row in out:
        for value in row:
            if value is not None and type(value) not in (int, str):
                raise ValueError(f"a value of type {type(value).__name__}: {value!r}")
    return sorted(out, key=lambda row: tuple((value is None, str(value)) for value in row))


def cards():
    """The rules' texts and parameters, by name."""
    rules = {}
    for path in sorted(glob.glob(f"{ROOT}/queries/rules/*.sql")):
        text = open(path).read()
        values = dict(re.findall(r"^-- parameter: (\w+) = (\d+)", text, re.M))
        body = "\n".join(line for line in text.split("\n") if not line.startswith("--"))
        used = set(re.findall(r":([a-z_]\w*)", re.sub(r"'[^']*'|--[^\n]*", "", body)))
        rules[os.path.basename(path)[:-4]] = (text, {name: int(values[name]) for name in used})
    return rules


class DuckDB:
    """Loads an export by the statements that lie in it."""

    def load(self, folder):
        import duckdb

        os.chdir(folder)
        self.connection = duckdb.connect()
        self.connection.execute(open("duckdb.sql").read())

    def run(self, sql):
        cursor = self.connection.execute(sql)
        return table([column[0] for column in cursor.description], cursor.fetchall())


class ClickHouse:
    """Loads an export by the statements that lie in it, in the engine that the package chdb embeds."""

    def load(self, folder):
        from chdb import session

        os.chdir(folder)
        self.session = session.Session()
        for statement in open("clickhouse.sql").read().split(";\n"):
            if statement.strip():
                self.session.query("DROP TABLE IF EXISTS " + statement.split(" ", 3)[2])
                self.session.query(statement)

    def run(self, sql):
        found = json.loads(str(self.session.query(sql, "JSONCompact")))
        whole = [re.sub(r"Nullable\((.*)\)", r"\1", column["type"]).startswith(("Int", "UInt")) for column in found["meta"]]
        rows = [
            tuple(int(cell) if number and cell is not None else cell for number, cell in zip(whole, row)) for row in found["data"]
        ]
        return table([column["name"] for column in found["meta"]], rows)


def read_csv(text):
    """The rows of an export: a cell in quotes is a text, one without is a number, or NULL if there is nothing."""
    rows, row, at = [], [], 0
    while at < len(text):
        if text[at] == '"':
            end = at + 1
            while text[end] != '"' or text[end + 1 : end + 2] == '"':
                end += 2 if text[end] == '"' else 1
            row.append(text[at + 1 : end].replace('""', '"'))
            at = end + 1
        else:
            end = re.compile("[,\n]").search(text, at).start()
            row.append(text[at:end] or None)
            at = end
        if text[at] == "\n":
            rows.append(row)
            row = []
        elif text[at + 1] == "\n":
            row.append(None)
            rows.append(row)
            row, at = [], at + 1
        at += 1
    return rows


def typed(row, columns):
    """A row of an export by the types of its columns."""
    return tuple(int(cell) if cell is not None and column["type"] == "BIGINT" else cell for cell, column in zip(row, columns))


class Spark:
    """Loads an export by its manifest."""

    def __init__(self):
        from pyspark.sql import SparkSession

        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
        os.environ["PYSPARK_PYTHON"] = sys.executable
        self.session = (
            SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2").config("spark.sql.adaptive.enabled", "false")
            .config("spark.local.dir", WORK).config("spark.log.level", "ERROR").getOrCreate()
        )

    def load(self, folder):
        for item in json.load(open(f"{folder}/manifest.json"))["tables"]:
            schema = ", ".join(
                f"`{c['name']}` {'BIGINT' if c['type'] == 'BIGINT' else 'STRING'}" for c in item["columns"]
            )
            if item["rows"] <= 2000:
                # Of a case: rows in memory start no job.
                with open(f"{folder}/{item['file']}", newline="") as file:
                    rows = [typed(row, item["columns"]) for row in read_csv(file.read())[1:]]
                self.session.createDataFrame(rows, schema).createOrReplaceTempView(item["view"])
                continue
            frame = self.session.read.csv(
                f"file:{folder}/{item['file']}", header=True, schema=schema, multiLine=True, escape='"', mode="FAILFAST"
            )
            # As Parquet once, or each use of a view would read the text again.
            frame.coalesce(1).write.mode("overwrite").parquet(f"file:{folder}/{item['view']}.parquet")
            self.session.read.parquet(f"file:{folder}/{item['view']}.parquet").createOrReplaceTempView(item["view"])

    def run(self, sql):
        frame = self.session.sql(sql)
        return table(frame.columns, [tuple(row) for row in frame.collect()])


def make(name, paths):
    """A database with its export."""
    base = f"{WORK}/{name}"
    dpslens("ingest", *paths, "--db", base + ".db", "-q")
    dpslens("export", "--db", base + ".db", "--to", base + ".export", "-q")
    return base


def compare(engine, base, rules, wanted, rendered, what):
    """Runs rules on both engines; how many differ, and how many rows were compared."""
    connection = sqlite3.connect(f"file:{base}.db?mode=ro", uri=True)
    engine.load(base + ".export")
    wrong = rows = 0
    counts = []
    for name in wanted:
        text, values = rules[name]
        cursor = connection.execute(text, values)
        expected = table([column[0] for column in cursor.description], cursor.fetchall())
        rows += len(expected)
        counts.append((name, len(expected)))
        try:
            got = engine.run(rendered[name])
        except Exception as error:  # whatever the engine refuses, with its own words
            got = " ".join(str(error).split())[:300]
        if isinstance(got, str) and ENGINE == "clickhouse" and name in REFUSED:
            continue
        if got != expected:
            wrong += 1
            print(f"{what}: {name}: {len(expected)} rows on SQLite", end=", ")
            print(got if isinstance(got, str) else f"{len(got)} on {ENGINE}: {got[:1]} beside {expected[:1]}")
    events = connection.execute("SELECT COUNT(*) FROM event").fetchone()[0]
    connection.close()
    if what == "fleet":
        fired = [f"{name} {count}" for name, count in counts if count]
        print(f"fleet of {events} records: {len(fired)} of {len(counts)} rules fire: {', '.join(fired)}", flush=True)
    return wrong, rows


def main():
    began = time.time()
    rules = cards()
    rendered = {}
    # Rules that ClickHouse cannot take are left out, exit 4.
    codes = (4,) if ENGINE == "clickhouse" else (0,)
    for line in dpslens("rules", "render", "--dialect", ENGINE, "--format", "jsonl", codes=codes).splitlines():
        rule = json.loads(line)
        rendered[rule["rule"]] = rule["sql"]
    if ENGINE == "clickhouse":
        rules = {name: rule for name, rule in rules.items() if name in rendered}
    if sorted(rendered) != sorted(rules):
        sys.exit("check-engines: the program's rules are not those of queries/rules")
    engine = {"duckdb": DuckDB, "spark": Spark, "clickhouse": ClickHouse}[ENGINE]()
    wrong = compared = rows = firing = 0
    fleets = [("samples", [f"{ROOT}/samples"])]
    if os.path.isdir(f"{WORK}/fleet"):
        fleets.append(("fleet", [f"{WORK}/fleet"]))
    for name, paths in fleets:
        bad, found = compare(engine, make(name, paths), rules, sorted(rules), rendered, name)
        wrong, compared, rows = wrong + bad, compared + len(rules), rows + found
    for path in sorted(glob.glob(f"{WORK}/cases/*.json")):
        name, number = os.path.basename(path)[:-5].rsplit(".", 1)
        cases = json.load(open(f"{ROOT}/queries/rules/{name}.cases.json"))["cases"]
        fires = bool(cases[int(number)]["expect"])
        if ENGINE == "clickhouse" and name not in rules:
            continue
        if ENGINE == "spark" and not fires:
            continue
        base = make("case", [path])
        bad, found = compare(engine, base, rules, [name], rendered, f"case {number}")
        wrong, compared, rows, firing = wrong + bad, compared + 1, rows + found, firing + (found > 0)
        for leftover in glob.glob(base + ".db*"):
            os.remove(leftover)
    print(f"{ENGINE}: {compared} comparisons, {firing} cases with rows, {rows} rows, {wrong} differ, {time.time() - began:.0f} s")
    sys.exit(1 if wrong else 0)


main()
