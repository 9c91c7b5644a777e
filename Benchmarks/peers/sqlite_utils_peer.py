"""sqlite-utils: insert dictionaries, let it make the table, and ask. Usage: sqlite_utils_peer.py FOLDER DATABASE"""
import json
import sys

import sqlite_utils

import findings_sql
import records

folder, database = sys.argv[1:]
db = sqlite_utils.Database(database)
db["events"].insert_all(
    (dict(zip(records.COLUMNS, row)) for row in records.rows(folder, json.loads)),
    columns={"t": int, "code": int, "duration": int},
    batch_size=5000,
)
db["events"].create_index(["kind", "device", "t"])
findings_sql.show(lambda sql: [row[0] for row in db.execute(sql)])
