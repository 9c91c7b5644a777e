"""What runs on the executors: dpslens in a folder of its own, files in and out as rows of bytes."""
import csv
import io
import os
import shutil
import subprocess
import tempfile

#: Bytes of a file in one row; Arrow holds far more, executors' memory need not.
CHUNK = 8 << 20


class Failed(Exception):
    """dpslens ended with an error: what it was asked, and what it said."""


class Scattered(Failed):
    """Ids that belong together lie in two parts."""


def located(program):
    """Where the program lies on this machine: the copy that Spark sent along, or else as it is named.

    A path that is not absolute starts where the process does, not in the folder in which the program runs.
    """
    if os.path.isabs(program):
        return program
    try:
        from pyspark import SparkFiles

        sent = SparkFiles.get(program)
    except (ImportError, AssertionError, AttributeError):
        # Outside of Spark nothing was sent.
        sent = program
    sent = os.path.abspath(sent)
    if os.path.isfile(sent):
        return sent
    return os.path.abspath(program) if os.path.isfile(program) else program


def run(program, arguments, folder=None):
    """Runs dpslens; its standard output. Exit 2, done but incomplete, is an answer: rejects are in the ledger."""
    try:
        done = subprocess.run([located(program), *arguments], cwd=folder, capture_output=True)
    except OSError as error:
        raise Failed(f"{program} cannot be run here: {error.strerror}; put it on every worker, or have Spark send it") from error
    if done.returncode not in (0, 2):
        said = done.stderr.decode(errors="replace").strip()[-2000:]
        kind = Scattered if "cut them anew" in said else Failed
        raise kind(f"dpslens {' '.join(arguments)}: exit {done.returncode}: {said}")
    return done.stdout.decode()


def pairs(text):
    """The pairs of a CSV of links without its header; an id may hold commas, quotes and line ends."""
    rows = csv.reader(io.StringIO(text, newline=""))
    return {tuple(row) for number, row in enumerate(rows) if number and row}


def links(pairs):
    """A CSV of links as `dpslens split --links` reads it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("registration", "device"))
    writer.writerows(pairs)
    return out.getvalue()


class Folder:
    """A folder that goes with the task, whatever becomes of it."""

    def __init__(self, path=None):
        self.path = path or tempfile.mkdtemp(prefix="dpslens-")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name):
        """The path of a file in the folder, whose folders are made; no name leads out of it."""
        steps = [step for step in name.split("/") if step not in ("", ".", "..")]
        path = os.path.join(self.path, *steps)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def dpslens(self, program, *arguments):
        """Runs the program here; its standard output."""
        return run(program, arguments, self.path)


class Folders:
    """Folders of a task by what they are for, each with the pieces that come into it; they go with the task."""

    def __init__(self):
        self.pieces = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for pieces in self.pieces.values():
            pieces.folder.__exit__()

    def of(self, key):
        """Where files of a key come together."""
        if key not in self.pieces:
            self.pieces[key] = Pieces(Folder())
        return self.pieces[key]

    def whole(self):
        """Each key, its folder, and the names of the files in it; a folder goes when the next is asked for."""
        for key in sorted(self.pieces):
            names = self.pieces[key].finish()
            yield key, self.pieces[key].folder, names
            self.pieces.pop(key).folder.__exit__()


class Pieces:
    """Files that come into a folder in pieces, in whatever order; one that does not come is an error."""

    def __init__(self, folder):
        self.folder, self.files = folder, {}

    def take(self, name, at, size, data):
        """Puts bytes of a file to where they belong; size is the whole file's."""
        known, taken = self.files.setdefault(name, (size, {}))
        if known != size:
            raise Failed(f"{name} comes as a file of {known} bytes and as one of {size}; two databases have one name")
        if at in taken:
            raise Failed(f"{name}: the piece at byte {at} comes twice")
        path = self.folder.file(name)
        with open(path, "r+b" if taken else "wb") as file:
            file.seek(at)
            file.write(data)
        taken[at] = len(data)

    def finish(self):
        """The names of the files, in their order, all of them whole."""
        for name, (size, taken) in sorted(self.files.items()):
            there = 0
            for at, length in sorted(taken.items()):
                if at != there:
                    break
                there += length
            if there != size or sum(taken.values()) != size:
                raise Failed(f"{name} is not whole: of its {size} bytes those from {there} on did not come; remove the last run, and run it again")
        return sorted(self.files)


def chunks(path, piece=CHUNK):
    """A file piece by piece: where each begins, the whole file's size, and bytes. An empty file is one piece."""
    with open(path, "rb") as file:
        size, at = os.fstat(file.fileno()).st_size, 0
        while True:
            data = file.read(min(piece, size - at))
            if not data and at < size:
                raise Failed(f"{path} became shorter while it was read")
            yield at, size, data
            at += len(data)
            if at >= size:
                return


def lines(path, size=4 << 20):
    """The lines of a file some megabytes at a time: the number of the first, and all of them without their ends."""
    with open(path, "rb") as file:
        at = 0
        while found := file.readlines(size):
            yield at, [line.rstrip(b"\n") for line in found]
            at += len(found)


def database(folder, name, piece=CHUNK):
    """The pieces of a database that dpslens has left; what stands in its journal yet would be lost, and is an error."""
    path = folder.file(name)
    journal = path + "-wal"
    if os.path.exists(journal) and os.path.getsize(journal) > 0:
        raise Failed(f"{name} has a journal that was not brought home; the disk of {folder.path} may be full")
    return chunks(path, piece)


def put(folder, name, data):
    """Adds bytes to the end of a file in a folder."""
    with open(folder.file(name), "ab") as file:
        file.write(data)


def rows(batches):
    """The rows of Arrow batches as tuples, one by one, so that a task never holds more than a batch."""
    for batch in batches:
        for index in range(batch.num_rows):
            yield tuple(batch.column(column)[index].as_py() for column in range(batch.num_columns))
