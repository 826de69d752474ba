"""Years of product use, made inside the columnar store itself: the same events for the same size, spread over a year."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofline.timeline.engine import Engine

PEOPLE, ACCOUNTS, CHUNK = 200_000, 2_000, 500_000
BEGIN = 1_767_225_600
"""2026-01-01, in seconds since 1970."""
SECONDS = 300 * 86_400
EVENTS = (
    "Feature Used",
    "Page Viewed",
    "Report Exported",
    "Invite Sent",
    "Signed Up",
    "Logged In",
    "Searched",
    "Shared",
)
ROWS = f"""
INSERT INTO events (id, at, received, kind, event, person, account, source, properties)
SELECT
    reinterpretAsUUID(toFixedString(concat(char(n % 256, intDiv(n, 256) % 256, intDiv(n, 65536) % 256, intDiv(n, 16777216) % 256), unhex(hex(cityHash64(n, 9))), 'made'), 16)),
    fromUnixTimestamp64Milli(toInt64({BEGIN * 1000} + toUInt64(n * {SECONDS * 1000} / {{size:UInt64}}))) AS moment,
    moment,
    'track',
    {list(EVENTS)}[1 + cityHash64(n, 1) % {len(EVENTS)}],
    1 + cityHash64(n, 2) % {PEOPLE} AS who,
    1 + who % {ACCOUNTS},
    'Product',
    concat('{{"feature":"f', toString(cityHash64(n, 3) % 20), '","seconds":', toString(cityHash64(n, 4) % 300),
        ',"plan":"', if(n % 3 = 0, 'pro', 'basic'), '","path":"/app/', toString(cityHash64(n, 5) % 50), '"}}')
FROM (SELECT number + {{first:UInt64}} AS n FROM numbers({{many:UInt64}}))
SETTINGS max_insert_block_size = 100000
"""  # noqa: S608 - put together from constants; what differs is bound


def fill(engine: Engine, *, first: int, last: int, size: int) -> float:
    """Insert the events with the numbers [first, last) of a history of `size`; return the seconds."""
    started = time.monotonic()
    for begin in range(first, last, CHUNK):
        many = min(CHUNK, last - begin)
        engine.command(ROWS, {"first": begin, "many": many, "size": size})
    return time.monotonic() - started
