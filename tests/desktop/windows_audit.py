"""The audit trail on Windows, where whoever reads a file keeps it from being renamed. Run there; prints JSON."""

import json
import tempfile
from pathlib import Path

from audit_trails import Keyring, Trail

from gamedetectd.security import audit_file
from gamedetectd.security.audit import AuditLog

audit_file.MAX_FILE, audit_file.MAX_TOTAL = 5_000, 20_000
place = Path(tempfile.mkdtemp())
trail = Trail(place / "audit.jsonl")
for life in range(12):
    trail.run(f"life {life}")
grown = trail.report()
size = sum(file.stat().st_size for file in place.iterdir())

first, second = AuditLog(trail.path, Keyring), AuditLog(trail.path, Keyring)
for keeper in (first, second):
    keeper.record("start", "It starts.")
    keeper.flush()
two = [first.waiting, second.waiting]
with trail.path.open("rb"):
    for _ in range(30):
        first.record("start", "It starts.")
        first.flush()
held = [first.waiting > 0, str(first.problem)]
first.flush()
waiting = first.waiting
first.close()
second.flush()
second.close()
print(json.dumps({"ok": grown.ok, "proven": grown.sealed == grown.lines > 10, "first": grown.first, "size": size,
                  "two": two, "held": held, "waiting": waiting, "after": trail.report().ok}))  # fmt: skip
