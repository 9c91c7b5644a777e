"""What the parts of the bench have found, kept from run to run, and the table that is made of it."""
import datetime
import json
import os
import platform
import sqlite3
import statistics
import subprocess

PACKAGES = ("duckdb", "chdb", "orjson", "polars", "sqlite-utils")


class Results:
    """One file a part: its rows, and what they were measured with."""

    def __init__(self, folder, build):
        self.folder = os.path.join(folder, "results")
        self.build = build
        os.makedirs(self.folder, exist_ok=True)

    def load(self, part):
        """A part's results, None if there are none."""
        try:
            with open(os.path.join(self.folder, part + ".json")) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def is_done(self, part, setting):
        """Whether a part was measured with this build and these sizes."""
        known = self.load(part)
        return known is not None and (known["build"], known["setting"]) == (self.build, setting)

    def keep(self, part, setting, rows, costs):
        known = {"build": self.build, "setting": setting, "date": str(datetime.date.today()), "rows": rows, "costs": costs}
        path = os.path.join(self.folder, part + ".json")
        with open(path + ".part", "w") as file:
            json.dump(known, file, indent=1)
        os.replace(path + ".part", path)


def row(work, ours, peer, ratio, goal):
    """A line of the table; a ratio meets its goal if it is not above it, or with a goal below 0 not under its amount."""
    met = ""
    if goal is not None:
        met = "yes" if (ratio <= goal if goal > 0 else ratio >= -goal) else "no"
    shown = "" if goal is None else (f"{goal:g}" if goal > 0 else f"at least {-goal:g}")
    return [work, ours, peer, f"{ratio:.2f}", shown, met]


def growth(results, parts):
    """What a record costs in the largest part against the smallest, for healthy and for sick fleets."""
    rows = []
    for sick in (False, True):
        costs = sorted(c for part in parts for c in (results.load(part) or {"costs": []})["costs"] if c[0] == sick)
        if len({events for _, events, _ in costs}) < 2:
            continue
        (_, few, small), (_, many, large) = costs[0], costs[-1]
        rows.append(
            row(
                f"{'sick: ' if sick else ''}cost a record, {many / 1e6:g} M against {few / 1e6:g} M",
                f"{large * 1e6:.2f} us", f"{small * 1e6:.2f} us", large / small, 1.15,
            )
        )
    return rows


def write(results, parts, path, python):
    """Writes the table of all parts that were measured, with what it was measured on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**30
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    packages = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True).stdout
    versions = ", ".join(line for line in packages.split("\n") if line.split("==")[0] in PACKAGES)
    known = [(part, results.load(part)) for part in parts]
    dates = sorted({result["date"] for _, result in known if result})
    builds = {result["build"] for _, result in known if result}
    lines = [
        "# Results", "",
        f"`scripts/bench` on {' and '.join(dates)}: {os.cpu_count()} cores, {memory} GiB, Linux {platform.release()}, {swift}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}.", "",
        "Medians of whole processes; a ratio is the median of the ratios of neighbours in time. The machine is shared: trust the",
        "ratios, not the seconds. The findings of all peers agree with those of dpslens, device by device.",
    ]
    if len(builds) > 1:
        lines += ["", "The parts were measured with builds that are not the same; `scripts/bench` measures the others anew."]
    for part, result in known:
        if result:
            lines += ["", f"## {part}, {result['setting']}", ""] + table(result["rows"])
    total = growth(results, parts)
    if total:
        lines += ["", "## growth", ""] + table(total)
    with open(path, "w") as file:
        file.write("\n".join(lines) + "\n")


def table(rows):
    head = ["| work | dpslens | peer or limit | ratio | goal | met |", "| --- | --- | --- | --- | --- | --- |"]
    return head + ["| " + " | ".join(cells) + " |" for cells in rows]


def median(values):
    """The median, for short."""
    return statistics.median(values)
