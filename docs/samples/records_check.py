"""Appends records to a log and reads them back: records_check.py URL PCHANNEL. Ends with 1 at any difference."""
import json
import sys
import urllib.request
import uuid

import seawall_records

TYPE = "application/vnd.seawall.records"
records = [(b"k", bytes(range(256)), [("h", b"x"), ("none", None)]), (None, b"", []), (b"", None, [])]

url = f"{sys.argv[1]}/v1/pchannels/{sys.argv[2]}/records"
body = b"".join(seawall_records.frame(*record) for record in records)
session = f"{uuid.uuid4()}/0"
for attempt in range(2):  # the second one changes nothing: the log knows the session
    headers = {"Content-Type": TYPE, "Idempotency-Key": session}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        first = json.load(answer)["first"]

with urllib.request.urlopen(urllib.request.Request(f"{url}?from={first}", headers={"Accept": TYPE})) as answer:
    found = [record[3:] for record in seawall_records.read(answer)]
if found != records:
    sys.exit(f"records: read {found}, expected {records}")
print(f"records: Python appends and reads {len(records)} records of {TYPE}")
