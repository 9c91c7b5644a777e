"""What runs on the executors, without Spark: `python3 -m unittest discover distributed/tests`."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from dpslens_spark import worker


class WorkerTests(unittest.TestCase):
    def test_links_come_back_as_they_went(self):
        pairs = {("a", "b"), ('with "quotes"', "with, comma"), ("with\nend", "with\r\nboth"), ("é", "=1+1")}
        self.assertEqual(worker.pairs(worker.links(sorted(pairs))), pairs)
        self.assertEqual(worker.pairs("registration,device\n"), set())

    def test_a_file_is_cut_and_put_together_again_in_whatever_order(self):
        chance = random.Random(19)
        with worker.Folder() as folder:
            for size in (0, 1, 63, 64, 65, 128, 1000):
                data = chance.randbytes(size)
                worker.put(folder, f"in/{size}", data)
                pieces = list(worker.chunks(folder.file(f"in/{size}"), 64))
                self.assertEqual(len(pieces), max(1, -(-size // 64)))
                self.assertEqual({of for _, of, _ in pieces}, {size})
                for _ in range(5):
                    chance.shuffle(pieces)
                    out = worker.Pieces(folder)
                    for at, of, piece in pieces:
                        out.take("out", at, of, piece)
                    self.assertEqual(out.finish(), ["out"])
                    with open(folder.file("out"), "rb") as file:
                        self.assertEqual(file.read(), data)

    def test_a_missing_piece_is_an_error_whichever_it_is(self):
        with worker.Folder() as folder:
            worker.put(folder, "in", bytes(300))
            pieces = list(worker.chunks(folder.file("in"), 64))
            for missing in range(len(pieces)):
                out = worker.Pieces(folder)
                for number, (at, of, piece) in enumerate(pieces):
                    if number != missing:
                        out.take("part.db", at, of, piece)
                with self.assertRaisesRegex(worker.Failed, f"part.db is not whole: of its 300 bytes those from {missing * 64} on"):
                    out.finish()
            out = worker.Pieces(folder)
            out.take("part.db", 0, 300, bytes(64))
            with self.assertRaisesRegex(worker.Failed, "comes twice"):
                out.take("part.db", 0, 300, bytes(64))
            with self.assertRaisesRegex(worker.Failed, "one of 301; two databases"):
                out.take("part.db", 64, 301, bytes(64))

    def test_folders_go_also_where_a_piece_is_missing(self):
        with self.assertRaises(worker.Failed), worker.Folders() as folders:
            folders.of(2).take("m.db", 0, 1, b"2")
            folders.of(1).take("m.db", 0, 2, b"1")
            paths = [folders.of(key).folder.path for key in (1, 2)]
            list(folders.whole())
        self.assertEqual([os.path.exists(path) for path in paths], [False, False])
        with worker.Folders() as folders:
            for key in (2, 1):
                folders.of(key).take(f"{key}.db", 0, 1, b"x")
            found = [(key, names, os.path.exists(folder.file(names[0]))) for key, folder, names in folders.whole()]
        self.assertEqual(found, [(1, ["1.db"], True), (2, ["2.db"], True)])

    def test_lines_come_in_batches_and_none_is_lost(self):
        with worker.Folder() as folder:
            worker.put(folder, "view", b'{"a":"\xc3\xa9\\r"}\n{}\n' * 100)
            batches = list(worker.lines(folder.file("view"), 64))
            self.assertGreater(len(batches), 10)
            self.assertEqual(b"".join(line + b"\n" for _, lines in batches for line in lines), b'{"a":"\xc3\xa9\\r"}\n{}\n' * 100)
            self.assertEqual([at for at, _ in batches], [sum(len(lines) for _, lines in batches[:n]) for n in range(len(batches))])

    def test_no_name_leads_out_of_the_folder(self):
        with worker.Folder() as folder:
            for name in ("../../etc/passwd", "/etc/passwd", "a/../../b"):
                self.assertTrue(folder.file(name).startswith(folder.path + "/"))
        self.assertFalse(os.path.exists(folder.path))

    def test_what_dpslens_says_comes_with_the_error(self):
        with self.assertRaisesRegex(worker.Failed, "exit 3: no such thing"):
            worker.run("/bin/sh", ("-c", "echo no such thing >&2; exit 3"))
        with self.assertRaises(worker.Scattered):
            worker.run("/bin/sh", ("-c", "echo '... cut them anew: ...' >&2; exit 3"))
        self.assertEqual(worker.run("/bin/sh", ("-c", "echo done; exit 2")), "done\n")

    def test_a_program_is_found_from_where_the_process_is(self):
        with worker.Folder() as folder, worker.Folder() as other:
            worker.put(folder, "program", b"#!/bin/sh\npwd\n")
            os.chmod(folder.file("program"), 0o700)
            before = os.getcwd()
            os.chdir(folder.path)
            try:
                for name in ("./program", "program", folder.file("program")):
                    self.assertEqual(os.path.realpath(worker.run(name, (), other.path).strip()), os.path.realpath(other.path))
            finally:
                os.chdir(before)
        self.assertEqual(worker.run("true", ()), "")
        with self.assertRaisesRegex(worker.Failed, "no-such-program cannot be run here: .*on every worker"):
            worker.run("no-such-program", ())

    def test_a_journal_that_was_left_is_an_error(self):
        with worker.Folder() as folder:
            worker.put(folder, "part.db", b"x")
            self.assertEqual(list(worker.database(folder, "part.db")), [(0, 1, b"x")])
            worker.put(folder, "part.db-wal", b"y")
            with self.assertRaisesRegex(worker.Failed, "journal"):
                worker.database(folder, "part.db")


if __name__ == "__main__":
    unittest.main()
