"""One run of `funnel`: `python -m benchmarks._asking FOLDER SIZE` fills a store, asks it both ways in turn, prints milliseconds as JSON."""

# ruff: noqa: S608 - put together from constants

from __future__ import annotations

import json
import os
import sys
import time
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks._generating import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[[], Any]

ROUNDS = 9
ACCOUNT = 77
MONTH_AGO = END - timedelta(days=30)
BOUNDS = f"at >= toDateTime64('{BEGIN:%F} 00:00:00', 3) AND at < toDateTime64('{END:%F} 00:00:00', 3)"
MERGED = "LEFT ANY JOIN (SELECT person, canonical FROM people FINAL WHERE canonical != person) AS who ON events.person = who.person"
WHO = "if(who.canonical > 0, who.canonical, events.person)"
STEPS = ("Signed Up", "Feature Used", "Report Exported")
LEVELS = ", ".join(f"event = '{step}'" for step in STEPS)
WAY = f"windowFunnel(604800000)(toUInt64(toUnixTimestamp64Milli(at)), {LEVELS}) AS level"
AMONG = f"event IN {STEPS} AND {BOUNDS}"
DAYS = f"day >= '{MONTH_AGO:%F}' AND day < '{END:%F}'"
HAND = {
    "funnel, 3 steps in 7 days": f"SELECT level, count() FROM (SELECT {WHO} AS w, {WAY} FROM events {MERGED} WHERE {AMONG} GROUP BY w) GROUP BY level",
    "funnel by plan": f"""
        SELECT plan, level, count() FROM (
            SELECT {WHO} AS w, {WAY}, argMinIf(properties.plan.:String, at, event = 'Signed Up') AS plan FROM events {MERGED} WHERE {AMONG} GROUP BY w
        ) GROUP BY plan, level""",
    "retention by week": f"""
        SELECT cohort, arrayJoin(later) AS after, count() FROM (
            SELECT w, minIf(week, begins > 0) AS cohort, minIf(began, begins > 0) AS first,
                arrayMap(x -> dateDiff('week', cohort, x.1), arrayFilter(x -> x.2 >= first, groupArrayIf((week, last), returns > 0))) AS later
            FROM (
                SELECT {WHO} AS w, toMonday(at, 'Asia/Shanghai') AS week, minIf(at, event = 'Signed Up') AS began, countIf(event = 'Signed Up') AS begins,
                    maxIf(at, event = 'Feature Used') AS last, countIf(event = 'Feature Used') AS returns
                FROM events {MERGED} WHERE event IN ('Signed Up', 'Feature Used') AND {BOUNDS} GROUP BY w, week
            ) GROUP BY w HAVING sum(begins) > 0
        ) GROUP BY cohort, after""",
    "trend by day, one property filtered": f"""
        SELECT toDate(at, 'Asia/Shanghai') AS day, count() FROM events
        WHERE event = 'Feature Used' AND properties.plan.:String = 'pro' AND {BOUNDS} GROUP BY day""",
    "use of one account, 30 days": f"""
        SELECT {ACCOUNT}, sum(times), uniqExact(if(who.canonical > 0, who.canonical, used.person)), uniqExact(day), max(last).1 FROM (
            SELECT * FROM daily_accounts WHERE account = {ACCOUNT}
            UNION ALL SELECT * FROM daily_people WHERE account = 0 AND person IN (SELECT person FROM people FINAL WHERE account = {ACCOUNT})
        ) AS used {MERGED.replace("events", "used")} WHERE {DAYS} AND kind IN ('track', 'page', 'screen')""",
    "use of all accounts, 30 days": f"""
        SELECT if(used.account > 0, used.account, who.account) AS whose, sum(times) AS events, uniqExact(if(who.canonical > 0, who.canonical, used.person)),
            uniqExact(day), max(last).1
        FROM daily_accounts AS used LEFT ANY JOIN (SELECT person, canonical, account FROM people FINAL) AS who ON used.person = who.person
        WHERE {DAYS} AND kind IN ('track', 'page', 'screen') GROUP BY whose HAVING whose > 0 ORDER BY events DESC, whose LIMIT 20""",
}


FOLDED = f"""
    SELECT max(last) AS top, kind, event, label, sum(times), any(person), uniqExact(person) FROM (
        SELECT * FROM daily_accounts WHERE account = {ACCOUNT} AND day >= '{MONTH_AGO:%F}'
        UNION ALL SELECT * FROM daily_people WHERE account != {ACCOUNT} AND person IN {{people:Array(UInt64)}} AND day >= '{MONTH_AGO:%F}'
    ) GROUP BY day, kind, event, label ORDER BY top DESC LIMIT 51"""
TOLD = """
    SELECT id, person, contact, user, toJSONString(properties) FROM events
    WHERE event IN {events:Array(String)} AND at >= {from:DateTime64(3)} AND at <= {to:DateTime64(3)} AND id IN {ids:Array(UUID)}"""


def main() -> int:
    """Fill, ask both sides in turn, print."""
    folder, size = sys.argv[1], int(sys.argv[2])
    os.environ |= {"PROOFLINE_DATA": folder, "DJANGO_SETTINGS_MODULE": "proofline.config.settings"}
    from proofline.config import cli  # noqa: PLC0415 - reads the folder set above

    cli.open_folder(folder)
    from benchmarks import _generating  # noqa: PLC0415 - needs Django
    from proofline.timeline import store  # noqa: PLC0415 - as above
    from proofline.timeline.engine import Engine  # noqa: PLC0415 - as above

    store.own()
    engine = Engine(url=f"chdb://{store.folder()}")
    _generating.introduce(engine)
    _generating.fill(engine, first=0, last=size, size=size)
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"ours": [], "hand": []})
    asks = ours()
    for turn in range(ROUNDS + 1):
        for case, ask in asks.items():
            sides: dict[str, Ask] = {"ours": ask}
            if case in HAND:
                sides["hand"] = lambda sql=HAND[case]: store.query(sql)
            elif case == "feed of an account":
                sides["hand"] = fed
            for side in sorted(sides, reverse=turn % 2 == 0):
                taken = timed(sides[side])
                if turn:  # the first one warms up
                    times[case][side].append(taken)
    store.close()
    print(json.dumps(times))
    return 0


def fed() -> list[tuple[Any, ...]]:
    """Read a feed's page by hand: its lines, then the words of their last events."""
    from proofline.timeline import identity, store  # noqa: PLC0415 - needs Django

    lines = store.query(FOLDED, {"people": identity.persons_of(account=ACCOUNT)})
    tops = [line[0] for line in lines]
    asked = {
        "from": min(at for at, _one in tops),
        "to": max(at for at, _one in tops),
        "ids": [str(one) for _at, one in tops],
    }
    return store.query(TOLD, asked | {"events": sorted({line[2] for line in lines})})


def ours() -> dict[str, Ask]:
    """Return the same questions in the query language."""
    from proofline.timeline import feed, query  # noqa: PLC0415 - needs Django
    from proofline.timeline.query import Breakdown, Filter, Question, Step  # noqa: PLC0415 - as above
    from proofline.timeline.query.analyses import funnel as funnels  # noqa: PLC0415 - as above
    from proofline.timeline.query.compiling import compiled  # noqa: PLC0415 - as above

    steps = tuple(Step(name) for name in STEPS)
    weeks = Question("retention", (Step("Signed Up"), Step("Feature Used")), from_=BEGIN, to=END, interval="week")
    pro = (Filter("property", "is", "plan", ("pro",)),)
    trend = Question("trend", (Step("Feature Used", pro),), from_=BEGIN, to=END)
    usage = {"from_": f"{MONTH_AGO:%F}", "to": f"{END:%F}"}
    one = Question("usage", where=(Filter("account", "is", "id", (ACCOUNT,)),), **usage)
    by_plan = Question("funnel", steps, from_=BEGIN, to=END, by=Breakdown("property", "plan"))
    whole = Question("funnel", steps, from_=BEGIN, to=END)
    asked = {"zone": "Asia/Shanghai", "now": END}
    return {
        "funnel, 3 steps in 7 days": lambda: query.funnel(STEPS, window=timedelta(days=7), from_=BEGIN, to=END),
        "funnel by plan": lambda: funnels.answer(compiled(by_plan, **asked), times=False),
        "funnel with the time between its steps": lambda: query.answer(whole, **asked),
        "retention by week": lambda: query.answer(weeks, **asked),
        "trend by day, one property filtered": lambda: query.answer(trend, **asked),
        "use of one account, 30 days": lambda: query.answer(one, **asked),
        "use of all accounts, 30 days": lambda: query.answer(Question("usage", **usage), **asked),
        "feed of an account": lambda: feed.feed(account=ACCOUNT),
    }


def timed(ask: Ask) -> float:
    """Return the milliseconds that a question takes."""
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    sys.exit(main())
