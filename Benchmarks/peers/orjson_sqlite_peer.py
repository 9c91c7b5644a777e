"""Python with orjson and sqlite3: the script that most people write. Usage: orjson_sqlite_peer.py FOLDER DATABASE"""
import sqlite3
import sys

import orjson

import findings_sql
import records

folder, database = sys.argv[1:]
con = sqlite3.connect(database)
con.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE events({', '.join(records.COLUMNS)});")
con.executemany(f"INSERT INTO events VALUES({','.join('?' * len(records.COLUMNS))})", records.rows(folder, orjson.loads))
con.execute("CREATE INDEX by_device ON events(kind, device, t)")
con.commit()
findings_sql.show(lambda sql: [row[0] for row in con.execute(sql)])
