"""What runs on the executors, without Spark: `python3 -m unittest discover distributed/tests`."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from dpslens_spark import worker


class WorkerTests(unittest.TestCase):
    def test_links_come_back_as_they_went(self):
        pairs = {("a", "b"), ('with "quotes"', "with, comma"), ("with\nend", "with\r\nboth"), ("é", "=1+1")}
        self.assertEqual(worker.pairs(worker.links(sorted(pairs))), pairs)
        self.assertEqual(worker.pairs("registration,device\n"), set())

    def test_a_file_is_cut_and_put_together_again(self):
        with worker.Folder() as folder:
            for size in (0, 1, worker.CHUNK, worker.CHUNK + 1):
                data = os.urandom(size)
                worker.put(folder, f"in/{size}", data)
                pieces = list(worker.chunks(folder.file(f"in/{size}")))
                self.assertEqual([number for number, _ in pieces], list(range(len(pieces))))
                self.assertEqual(b"".join(piece for _, piece in pieces), data)

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
            self.assertEqual(list(worker.database(folder, "part.db")), [(0, b"x")])
            worker.put(folder, "part.db-wal", b"y")
            with self.assertRaisesRegex(worker.Failed, "journal"):
                worker.database(folder, "part.db")


if __name__ == "__main__":
    unittest.main()
