"""The reference of `ingest`: messages inserted as they are, 10,000 at a time, into one JSON column of chDB, each insert synced to the disk."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import msgspec

from benchmarks._sending import message
from proofline.timeline.engine import Engine

AT_ONCE = 10_000


def main() -> int:
    """Insert so many messages into a store in this folder; print events/s."""
    folder, number = sys.argv[1], int(sys.argv[2])
    engine = Engine(url=f"chdb://{folder}/straight")
    engine.command(
        "CREATE TABLE straight (message JSON) ENGINE = MergeTree ORDER BY tuple() "
        "SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
    )
    now = datetime.now(UTC)
    encode = msgspec.json.Encoder().encode_lines
    blocks = [
        encode([{"message": message(one, now, "straight")} for one in range(start, start + AT_ONCE)])
        for start in range(0, number, AT_ONCE)
    ]
    started = time.monotonic()
    for block in blocks:
        engine.insert("straight", block)
    print(number / (time.monotonic() - started))
    engine.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
