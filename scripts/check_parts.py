"""What scripts/check-parts runs."""
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys

DPSLENS, ROOT, WORK = sys.argv[1:4]
COUNTS = [int(n) for n in sys.argv[4:]]


def dpslens(*arguments):
    done = subprocess.run([DPSLENS, *arguments], cwd=WORK, capture_output=True, text=True)
    if done.returncode not in (0, 2):
        sys.exit(f"check-parts: dpslens {' '.join(arguments)}: {done.returncode} {done.stderr[-800:]}")
    return done.stdout


def logs(name, dirty):
    """A folder of logs in three folders that are read one by one; dirty ones are made of clean ones by a fixed seed."""
    chance = random.Random(7)
    clean = f"{WORK}/{name}"
    files = []
    for folder, _, names in sorted(os.walk(f"{ROOT}/samples")):
        files += [(f"{folder}/{n}", f"samples/{os.path.relpath(folder, ROOT + '/samples')}/{n}") for n in sorted(names)
                  if "truth" not in folder and not n.endswith(".md")]
    files += [(f"{WORK}/cases/{n}", f"cases/{n}") for n in sorted(os.listdir(f"{WORK}/cases"))]
    os.makedirs(f"{WORK}/others", exist_ok=True)
    for hour in range(3):
        # Devices whose ids are not those of their registrations: the registration in one file, the device in another.
        for kind in ("registrations", "devices"):
            with open(f"{WORK}/others/{hour}-{kind}.json", "w") as file:
                for number in range(40):
                    file.write(other(kind, hour, number) + "\n")
            files.append((f"{WORK}/others/{hour}-{kind}.json", f"others/{hour}-{kind}.json"))
    for index, (source, place) in enumerate(files):
        target = f"{clean}/{'abc'[index * 3 // len(files)]}/{place}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        data = open(source, "rb").read()
        if not dirty or data[:2] == b"\x1f\x8b":
            open(target, "wb").write(data)
            continue
        lines = data.split(b"\n")
        if chance.random() < 0.3:
            lines.insert(chance.randrange(len(lines) + 1), b'{"time":"2026-01-')
        if chance.random() < 0.3:
            lines = [re.sub(rb'(registrationId\\*": *\\*")([^"\\]+)', lambda m: m[1] + m[2].upper(), line)
                     if chance.random() < 0.5 else line for line in lines]
        text = b"\n".join(lines)
        if chance.random() < 0.1:
            text = text[: len(text) * 2 // 3]
        open(target, "wb").write(text)
        if chance.random() < 0.3:
            # Delivered again beside others: two of three records, in another folder.
            again = f"{clean}/{chance.choice('abc')}/again/{index}.json"
            os.makedirs(os.path.dirname(again), exist_ok=True)
            open(again, "wb").write(b"\n".join(line for line in lines if chance.random() < 0.7) + b"\n")
        if chance.random() < 0.1:
            shutil.copy(target, os.path.dirname(target) + f"/zz-copy-{index}.json")
    return name


def other(kind, hour, number):
    """A record of a registration, or of its device at the hub."""
    if kind == "registrations":
        resource, category, operation = "PROVISIONINGSERVICES/DPS-O", "DeviceOperations", "Register"
        said = {"registrationId": f"reg-{number}", "deviceId": f"unit-{number * 7}", "assignedHub": "hub-o.azure-devices.net"}
    else:
        resource, category, operation = "IOTHUBS/HUB-O", "Connections", "deviceConnect"
        said = {"deviceId": f"unit-{number * 7}", "protocol": "Mqtt"}
    return json.dumps({
        "time": f"2026-03-02T{6 + hour:02}:{number:02}:{'05' if kind == 'devices' else '01.5'}Z", "category": category,
        "resourceId": f"/SUBSCRIPTIONS/0/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DEVICES/{resource}", "operationName": operation,
        "level": "Information", "resultType": "Success" if kind == "registrations" else "", "properties": json.dumps(said),
    })


def rows(folder):
    """Every view's rows without the number of the attempt, which counts those that are over in the order of their ends."""
    out = {}
    for item in json.load(open(f"{folder}/manifest.json"))["tables"]:
        found = []
        for line in open(f"{folder}/{item['file']}"):
            row = json.loads(line)
            row.pop("attempt", None)
            if item["view"] == "files":
                # A file whose content an earlier run has read is listed as a copy, one of the same run is not.
                if row.pop("copy_of") is not None:
                    continue
                row.pop("id")
            found.append(json.dumps(row, sort_keys=True))
        out[item["view"]] = collections.Counter(found)
    return out


def state(database):
    dpslens("export", "--db", database, "--to", database + ".out", "--format", "jsonl", "-q")
    views = rows(f"{WORK}/{database}.out")
    views["(findings)"] = collections.Counter(dpslens("findings", "--db", database, "--format", "csv").splitlines())
    views["(incidents)"] = collections.Counter(dpslens("incidents", "list", "--db", database, "--format", "jsonl").splitlines())
    return views


def main():
    os.makedirs(f"{WORK}/cases")
    dpslens("rules", "test", "--keep", f"{WORK}/cases")
    wrong = 0
    for name in ("clean", "dirty"):
        logs(name, name == "dirty")
        dpslens("ingest", name, "--db", f"{name}.db", "-q")
        one = state(f"{name}.db")
        readings = []
        for folder in "abc":
            readings.append(f"{name}-{folder}.db")
            dpslens("ingest", f"{name}/{folder}", "--db", readings[-1], "-q")
        links = []
        for reading in readings:
            open(f"{WORK}/{reading}.csv", "w").write(dpslens("split", "--show-links", "--db", reading))
            links += ["--links", f"{reading}.csv"]
        dpslens("merge", *readings, "--db", f"{name}-whole.db", "-q")
        results = {"whole": state(f"{name}-whole.db")}
        for count in COUNTS:
            base = f"{name}-{count}"
            for reading in readings:
                dpslens("split", "--db", reading, "--parts", str(count), *links,
                        "--to", f"{base}-{reading}.shards", "-q")
            os.makedirs(f"{WORK}/{base}.parts")
            for part in range(count):
                shards = [f"{base}-{reading}.shards/part-{part:05}.db" for reading in readings]
                dpslens("merge", *shards, "--part", f"{part}/{count}", "--db", f"{base}.parts/part-{part:05}.db", "-q")
            dpslens("merge", f"{base}.parts", "--db", f"{base}.db", "-q")
            results[f"{count} parts"] = state(f"{base}.db")
        for what, got in results.items():
            bad = 0
            for view in sorted(one):
                missing, extra = one[view] - got[view], got[view] - one[view]
                if missing or extra:
                    bad += 1
                    print(f"{name}, {what}: {view}: {sum(missing.values())} rows missing, {sum(extra.values())} too many")
                    for row in sorted(missing)[:2]:
                        print("   -", row[:700])
                    for row in sorted(extra)[:2]:
                        print("   +", row[:700])
            wrong += bad
            total = sum(sum(view.values()) for view in one.values())
            print(f"{name}, {what}: {len(one)} views, {total} rows, {sum(one['(findings)'].values()) - 1} findings: {bad} differ")
    sys.exit(1 if wrong else 0)


main()
