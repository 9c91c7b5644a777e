"""Polars: read each file, unfold `properties` with a known type, keep parquet, and ask lazily. Usage: polars_peer.py FOLDER FILE"""
import glob
import gzip
import io
import sys

import polars as pl

folder, database = sys.argv[1:]
SCHEMA = {
    name: pl.String
    for name in ["time", "resourceId", "category", "operationName", "resultType", "correlationId", "durationMs", "properties"]
}
PROPERTIES = pl.Struct(
    {name: pl.String for name in ["deviceId", "registrationId", "id", "assignedHub", "status", "maskedIpAddress", "sdkVersion", "protocol"]}
    | {"errorCode": pl.Int64}
)


def load(path):
    with gzip.open(path) as file:
        frame = pl.read_ndjson(io.BytesIO(file.read()), schema=SCHEMA)
    p = pl.col("p").struct.field
    hubs = pl.col("category") == "Connections"
    return frame.with_columns(pl.col("properties").str.json_decode(PROPERTIES).alias("p")).select(
        pl.col("time").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us").dt.epoch("us").alias("t"),
        pl.when(~hubs).then(pl.lit("registration")).when(pl.col("operationName") == "deviceConnect")
        .then(pl.lit("connect")).otherwise(pl.lit("other")).alias("kind"),
        pl.coalesce(p("deviceId"), p("registrationId"), p("id")).alias("device"),
        pl.when(hubs).then(pl.col("resourceId").str.split("/").list.last().str.to_lowercase())
        .otherwise(p("assignedHub").str.split(".").list.first()).alias("hub"),
        pl.when(hubs).then(pl.when(pl.col("resultType").is_null()).then(pl.lit("connected")).otherwise(pl.lit("refused")))
        .when(p("status").is_not_null()).then(p("status"))
        .when(pl.col("resultType") == "Success").then(pl.lit("accepted")).otherwise(pl.lit("failed")).alias("status"),
        p("errorCode").alias("code"),
        pl.col("correlationId").alias("correlation"),
        p("maskedIpAddress").alias("network"), p("sdkVersion").alias("sdk"), p("protocol").alias("protocol"),
        pl.col("durationMs").cast(pl.Int64, strict=False).alias("duration"),
    )


events = pl.concat([load(path) for path in sorted(glob.glob(f"{folder}/*.json.gz"))])
events.write_parquet(database)
told = (
    events.filter(pl.col("kind") == "registration")
    .select("device", "t", "hub", "status", "code", "correlation").unique().sort("device", "t", "status")
)
MINUTE = 60_000_000
before = pl.col("t").shift(1).over("device")
attempts = told.filter(
    before.is_null() | (pl.col("t") - before > 2 * MINUTE)
    | ~((pl.col("status") == "accepted") & pl.col("status").shift(1).over("device").is_in(["accepted", "assigned"]))
)
answered = attempts.filter(pl.col("status").is_in(["assigned", "accepted"]))
loops = answered.filter(pl.col("t") - pl.col("t").shift(4).over("device") <= 60 * MINUTE)["device"].unique()
failures = (
    attempts.with_columns(pl.col("status").is_in(["assigned", "accepted"]).cum_sum().over("device").alias("run"))
    .filter((pl.col("status") == "failed") & pl.col("code").is_between(401000, 401999))
    .group_by("device", "run").len().filter(pl.col("len") >= 3)["device"].unique()
)
windows = attempts.with_columns(
    pl.col("t").shift(-1).over("device").fill_null(9 * 10**15).alias("next")
).filter(pl.col("status") == "assigned")
contacts = events.filter(pl.col("kind") == "connect").select("device", "hub", pl.col("t").alias("at"), pl.col("status").alias("end"))
refused = (
    windows.join(contacts, on=["device", "hub"])
    .filter((pl.col("at") >= pl.col("t") - 5_000_000) & (pl.col("at") <= pl.col("t") + 10 * MINUTE) & (pl.col("at") < pl.col("next")))
    .group_by("device", "t").agg((pl.col("end") == "connected").any().alias("came"))
    .filter(~pl.col("came"))["device"].unique()
)
lines = [f"assigned-then-refused,{d}" for d in refused] + [f"key-derivation-failure,{d}" for d in failures]
print("\n".join(sorted(lines + [f"registration-loop,{d}" for d in loops])))
