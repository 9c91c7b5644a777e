"""What scripts/check-parts runs."""
import json
import os
import random
import re
import shutil
import subprocess
import sys

from database_state import compare, state

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


def main():
    os.makedirs(f"{WORK}/cases")
    dpslens("rules", "test", "--keep", f"{WORK}/cases")
    wrong = 0
    for name in ("clean", "dirty"):
        logs(name, name == "dirty")
        dpslens("ingest", name, "--db", f"{name}.db", "-q")
        one = state(dpslens, f"{name}.db", WORK + "/")
        readings = []
        for folder in "abc":
            readings.append(f"{name}-{folder}.db")
            dpslens("ingest", f"{name}/{folder}", "--db", readings[-1], "-q")
        links = []
        for reading in readings:
            open(f"{WORK}/{reading}.csv", "w").write(dpslens("split", "--show-links", "--db", reading))
            links += ["--links", f"{reading}.csv"]
        dpslens("merge", *readings, "--db", f"{name}-whole.db", "-q")
        results = {"whole": state(dpslens, f"{name}-whole.db", WORK + "/")}
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
            results[f"{count} parts"] = state(dpslens, f"{base}.db", WORK + "/")
        for what, got in results.items():
            wrong += compare(f"{name}, {what}", one, got)
    sys.exit(1 if wrong else 0)


main()
