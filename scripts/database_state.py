"""What a database says, so that two can be compared: the rows of every view, findings and incidents."""
import collections
import json


def state(dpslens, database, place=""):
    """The rows by view, each with how often it stands there.

    `dpslens` runs the program and gives what it prints; `place` is the folder in which it runs, where `database` is relative.
    """
    dpslens("export", "--db", database, "--to", database + ".out", "--format", "jsonl", "-q")
    views = rows(f"{place}{database}.out")
    views["(findings)"] = collections.Counter(dpslens("findings", "--db", database, "--format", "csv").splitlines())
    views["(incidents)"] = collections.Counter(dpslens("incidents", "list", "--db", database, "--format", "jsonl").splitlines())
    return views


def rows(folder):
    """Every view's rows without the number of the attempt, which counts those that are over in the order of their ends."""
    out = {}
    for item in json.load(open(f"{folder}/manifest.json"))["tables"]:
        found = []
        for line in open(f"{folder}/{item['file']}"):
            row = json.loads(line)
            row.pop("attempt", None)
            if item["view"] == "files":
                # Of files with one content one database has that which was read first as the original, a union any; and a file
                # whose content an earlier run has read is listed as a copy, one of the same run is not.
                if row.pop("copy_of") is not None:
                    continue
                row.pop("id")
            found.append(json.dumps(row, sort_keys=True))
        out[item["view"]] = collections.Counter(found)
    return out


def compare(what, one, got, most=2):
    """Prints where two states differ, with the first rows of each view that does, and a line that sums up; how many views differ."""
    bad = 0
    for view in sorted(one):
        missing, extra = one[view] - got[view], got[view] - one[view]
        if not missing and not extra:
            continue
        bad += 1
        print(f"{what}: {view}: {sum(missing.values())} rows missing, {sum(extra.values())} too many")
        for row in sorted(missing)[:most]:
            print("   -", row[:700])
        for row in sorted(extra)[:most]:
            print("   +", row[:700])
    total = sum(sum(view.values()) for view in one.values())
    found = sum(one["(findings)"].values()) - 1
    print(f"{what}: {len(one)} views, {total} rows, {found} findings: {bad} differ", flush=True)
    return bad
