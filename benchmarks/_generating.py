"""Years of product use, made inside the columnar store itself: the same for the same size, over the last 300 days."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proofline.timeline.engine import Engine

PEOPLE, ACCOUNTS, CHUNK = 200_000, 2_000, 500_000
SECONDS_TO_MERGE = 300
DAYS = 300
END = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
BEGIN = END - timedelta(days=DAYS)
"""The history ends today, where people look first; a smaller one reaches less far back."""
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
    fromUnixTimestamp64Milli(toInt64({int(END.timestamp()) * 1000} - toUInt64((n + 1) * {DAYS * 86_400_000} / {{size:UInt64}}))) AS moment,
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
KNOWN = f"""
INSERT INTO people SELECT number + 1, if(number % 10 = 0, number + 2, number + 1), 0, 1 + (number + 1) % {ACCOUNTS}, 1 FROM numbers({PEOPLE})
"""  # noqa: S608 - as above


def fill(engine: Engine, *, first: int, last: int, size: int) -> float:
    """Insert the events with the numbers [first, last) of a history of `size`; return the seconds, without those of merging."""
    started = time.monotonic()
    for begin in range(first, last, CHUNK):
        many = min(CHUNK, last - begin)
        engine.command(ROWS, {"first": begin, "many": many, "size": size})
    taken = time.monotonic() - started
    while engine.query("SELECT 1 FROM system.merges", {}) and time.monotonic() < started + taken + SECONDS_TO_MERGE:
        time.sleep(0.5)
    return taken


def introduce(engine: Engine) -> None:
    """Make the people known in both stores: one in ten has merged into somebody else, everybody belongs to an account."""
    from django.db.models import F  # noqa: PLC0415 - needs Django

    from proofline.timeline.models import Person  # noqa: PLC0415 - as above

    if Person.objects.exists():
        return
    engine.command(KNOWN)
    everybody = (Person(pk=one, account_id=1 + one % ACCOUNTS, stale=False) for one in range(1, PEOPLE + 1))
    Person.objects.bulk_create(everybody, batch_size=CHUNK)
    Person.objects.alias(place=F("pk") % 10).filter(place=1).update(canonical_id=F("pk") + 1)
