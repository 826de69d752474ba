"""One step of `growth`: `python -m benchmarks._growing FOLDER FIRST LAST SIZE` fills the store of a folder further, then asks it."""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FEEDS, ROUNDS, SEED = 40, 5, 20_261_126
WARM = 5


def main() -> int:
    """Fill, ask, print what it took as JSON: milliseconds of single feeds and of aggregates, bytes an event on the disk."""
    folder, first, last, size = sys.argv[1], *map(int, sys.argv[2:])
    os.environ |= {"PROOFLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    import django  # noqa: PLC0415 - reads the folder set above

    django.setup()
    from benchmarks import _generating  # noqa: PLC0415 - as above
    from proofline.timeline import feed, query, store  # noqa: PLC0415 - as above
    from proofline.timeline.engine import Engine  # noqa: PLC0415 - as above

    store.own()
    engine = Engine(url=f"chdb://{store.folder()}")
    _generating.introduce(engine)
    seconds = _generating.fill(engine, first=first, last=last, size=size)
    chance = random.Random(SEED)  # noqa: S311 - no secret
    accounts = chance.sample(range(1, _generating.ACCOUNTS + 1), FEEDS + WARM)
    people = chance.sample(range(1, _generating.PEOPLE + 1), FEEDS + WARM)
    steps = ["Signed Up", "Feature Used", "Report Exported"]
    asked = {
        "feed of an account": first_times(lambda one: feed.feed(account=one), accounts),
        "feed of a person": first_times(lambda one: feed.feed(person=one), people),
        "count by day": [timed(lambda: query.count(event="Feature Used", by="day")) for _round in range(ROUNDS)],
        "funnel": [timed(lambda: query.funnel(steps, window=timedelta(days=7))) for _round in range(ROUNDS)],
    }
    told = {"filled": (last - first) / seconds, "asked": asked, "bytes": bytes_of(store.query)}
    store.close()
    print(json.dumps(told))
    return 0


def first_times(ask: Callable[[int], object], ids: list[int]) -> list[float]:
    """Return the milliseconds that each of these takes that was not asked for before, but for the first ones, which warm up."""
    return [timed(partial(ask, one)) for one in ids][WARM:]


def timed(ask: Callable[[], object]) -> float:
    """Return the milliseconds that a question takes."""
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


def bytes_of(ask: Callable[[str], list[tuple[float, float]]]) -> dict[str, float]:
    """Return the bytes an event on the disk: of the events themselves, and with their daily rows."""
    sizes = "sumIf(bytes_on_disk, table = 'events'), sum(bytes_on_disk)"
    ((own, whole),) = ask(f"SELECT {sizes} FROM system.parts WHERE active AND database = currentDatabase()")  # noqa: S608 - our own text
    rows = float(ask("SELECT count(), 0 FROM events")[0][0])
    return {"events": own / rows, "all tables": whole / rows}


if __name__ == "__main__":
    sys.exit(main())
