"""Rows of `events` out of the log files, for the peers that parse in Python."""
import datetime
import glob
import gzip

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def microseconds(text):
    head, _, fraction = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(head).replace(tzinfo=datetime.timezone.utc)
    return int((moment - EPOCH).total_seconds()) * 1_000_000 + int((fraction + "000000")[:6])


def rows(folder, loads):
    """(t, kind, device, hub, status, code, attestation, correlation, network, sdk, protocol, duration) of every record."""
    for path in sorted(glob.glob(f"{folder}/*.json.gz")):
        with gzip.open(path) as lines:
            for line in lines:
                record = loads(line)
                properties = loads(record["properties"])
                result = record.get("resultType")
                if record["category"] == "Connections":
                    kind = "connect" if record["operationName"] == "deviceConnect" else "other"
                    hub = record["resourceId"].rpartition("/")[2].lower()
                    status = "refused" if result else "connected"
                    code = int(result) if result else None
                else:
                    kind = "registration"
                    hub = (properties.get("assignedHub") or "").partition(".")[0] or None
                    status = properties.get("status") or ("accepted" if result == "Success" else "failed")
                    code = properties.get("errorCode")
                device = properties.get("deviceId") or properties.get("registrationId") or properties.get("id")
                yield (
                    microseconds(record["time"]), kind, device, hub, status, code, properties.get("attestationType"), record.get("correlationId"),
                    properties.get("maskedIpAddress"), properties.get("sdkVersion"), properties.get("protocol"),
                    int(record["durationMs"]) if record.get("durationMs") else None,
                )


COLUMNS = ["t", "kind", "device", "hub", "status", "code", "attestation", "correlation", "network", "sdk", "protocol", "duration"]
