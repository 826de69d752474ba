"""One run of `discovery`, printed as JSON.

`python -m benchmarks._discovering FOLDER STORIES` fills a folder with a proposal of ten pages and six charts, and measures in this process;
`… FOLDER cold` measures the first PDF of a process, in a folder that was filled.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import time
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from proofline.records.models import Account, User
    from proofline.stages.discovery.models import Proposal, Study

TIMES, LINES, NEEDS, TERMS = 40, 8, 8, 40
PAINS, MODULES, RULES, COVERED = 40, 200, 500, 25
SENTENCE = "Each report is checked by two people before it leaves the house, and 每份报表在发出之前由两个人核对。"


def main(folder: str, what: str) -> None:
    """Fill, measure, print `{case: {"value": [milliseconds], "reference": [milliseconds]}}` and what the page needs."""
    os.environ["PROOFLINE_DATA"] = folder
    from proofline.config import cli  # noqa: PLC0415 - reads the environment set above

    cli.open_folder(None)
    from django.utils import timezone  # noqa: PLC0415 - Django is loaded by now

    from proofline.config.runtime import collect_seldom  # noqa: PLC0415 - as above

    collect_seldom()  # as the server does

    now = timezone.now()
    if what == "cold":
        print(json.dumps({"cases": {"pdf-cold": {"value": cold(now)}}}))
        return
    study, first, second = fill(now, int(what))
    told = {"token": first.token, **documents(first, second, now)}
    told["cases"] |= {"match": match(study), "roi": roi(), **configure()}
    print(json.dumps(told))


def cold(now: datetime) -> list[float]:
    """Return how long the first PDF of a process takes, reading the fonts and all that it is made with included."""
    from django.test import RequestFactory  # noqa: PLC0415 - needs Django

    from proofline.stages.discovery.models import Proposal  # noqa: PLC0415 - as above
    from proofline.stages.discovery.printing import proposal_pdf  # noqa: PLC0415 - as above

    first = Proposal.objects.earliest("pk")
    return _timed(lambda: proposal_pdf(first, request=RequestFactory().get("/"), at=now), times=1)


def fill(now: datetime, stories: int) -> tuple[Study, Proposal, Proposal]:
    """Return a study with two proposals, the first of which is sent; there are so many stories and 40 pains."""
    from proofline.records.models import Account, Evidence, Module, Pain, Product, User  # noqa: PLC0415 - needs Django
    from proofline.stages.discovery.models import Study  # noqa: PLC0415 - as above
    from proofline.stages.discovery.sending import send  # noqa: PLC0415 - as above

    by = User.objects.add(name="Bench", role="administrator", email="bench@example.com")
    suite = Product.objects.add(by=by, now=now, name="Suite")
    modules = [Module.objects.add(by=by, now=now, name=f"Module {at}", product=suite) for at in range(PAINS)]
    pains = [Pain.objects.add(by=by, now=now, name=f"Pain {at}", modules=[modules[at]]) for at in range(PAINS)]
    firms = [
        Account.objects.create(name=f"Firm {at}", sector=f"Sector {at % 12}", employees=10 * at + 5, created_at=now)
        for at in range(100)
    ]
    pieces = Evidence.objects.bulk_create(
        Evidence(
            kind="story", title=f"Story {at}", body=SENTENCE, result=f"−{at % 60} % hours", sector=f"Sector {at % 12}", account=firms[at % 100],
            language=("en", "zh-hans")[at % 2], permission=True, published_on=(now - timedelta(days=at % 900)).date(),
        )
        for at in range(stories)
    )  # fmt: skip
    _link(pieces, pains, modules)
    study = Study.objects.open_study(by=by, now=now, account=_customer(by, now), title="Reports in an hour")
    for at in range(NEEDS):
        _need(study, f"{SENTENCE} ({at})", pains[at], by=by, now=now)
    made = [_proposal(study, turn, evidence=pieces[:6], by=by, now=now) for turn in range(2)]
    send(made[0], by=by, now=now)
    return study, made[0], made[1]


def _customer(by: User, now: datetime) -> Account:
    from proofline.records.models import Account  # noqa: PLC0415 - needs Django

    return Account.objects.create(
        name="Heron Robotics", sector="Sector 3", employees=300, language="en", owner=by, created_at=now
    )


def _link(pieces: list[Any], pains: list[Any], modules: list[Any]) -> None:
    from proofline.records.models import Evidence  # noqa: PLC0415 - needs Django

    for through, name, many in (
        (Evidence.pains.through, "pain_id", pains),
        (Evidence.modules.through, "module_id", modules),
    ):
        through.objects.bulk_create(
            through(evidence_id=piece.pk, **{name: many[(at + step) % len(many)].pk})
            for at, piece in enumerate(pieces)
            for step in (0, 7)
        )


def _need(study: Study, text: str, pain: Any, *, by: User, now: datetime) -> None:
    from proofline.stages.discovery.models import Need  # noqa: PLC0415 - needs Django

    surface = Need.objects.record(by=by, now=now, study=study, text=text, pain=pain)
    Need.objects.record(
        by=by, now=now, study=study, kind="deep", because_of=surface, text=SENTENCE, loss=SENTENCE,
        loss_amount=Decimal(60_000), loss_currency="CNY",
    )  # fmt: skip


def _proposal(study: Study, turn: int, *, evidence: list[Any], by: User, now: datetime) -> Proposal:
    from proofline.stages.discovery.models import Proposal, ValueCase  # noqa: PLC0415 - needs Django

    case = ValueCase.objects.draft(by=by, now=now, study=study, investment_once=22_000, investment_monthly=1_500)
    for at in range(LINES):
        case.add_line(
            by=by, now=now, name=f"Work {at}, {turn}", quantity=Decimal(20 + at), unit="h/week", people=12 + turn, low=Decimal("0.3"),
            expected=Decimal("0.4"), high=Decimal("0.5"), rate_amount=Decimal(80), rate_per="h", source_note="Helen He",
        )  # fmt: skip
    return Proposal.objects.draft(
        by=by, now=now, study=study, value_case=case, title=f"Reports in an hour, {turn}", intro=f"{SENTENCE} {turn} " * 6,
        terms="\n\n".join([f"{turn}. {SENTENCE * 3}"] * TERMS), runs_a_week=5, evidence=evidence,
        steps_today=[{"name": f"Step {at}", "minutes": str(15 + at)} for at in range(6)],
        steps_tomorrow=[{"name": f"Step {at}", "minutes": "5"} for at in range(2)],
    )  # fmt: skip


def documents(first: Proposal, second: Proposal, now: datetime) -> dict[str, Any]:
    """Return how long the PDF takes: the same again, and one with another text each time."""
    from django.test import RequestFactory  # noqa: PLC0415 - needs Django
    from pypdf import PdfReader  # noqa: PLC0415 - not used by the program itself

    from proofline.stages.discovery.printing import proposal_pdf  # noqa: PLC0415 - as above
    from proofline.stages.discovery.showing import Shown  # noqa: PLC0415 - as above

    request = RequestFactory().get("/")
    made: list[bytes] = []
    made.append(proposal_pdf(first, request=request, at=now))
    pages = len(PdfReader(io.BytesIO(made[0])).pages)
    shown = Shown(first)
    drawings = [shown.payback_drawing, shown.tornado_drawing, shown.drawing_today, shown.drawing_tomorrow]
    charts = sum(bool(one) for one in [*drawings, *(drawing for _change, drawing in shown.changes)])
    again = _timed(lambda: proposal_pdf(first, request=request, at=now))
    both = [second, first]

    def other() -> None:
        both.reverse()
        fresh = type(first).objects.get(pk=both[0].pk)
        fresh.intro += str(time.perf_counter_ns())  # so that nothing of an earlier document can be taken
        proposal_pdf(fresh, request=request, at=now)

    changed = _timed(other)
    return {
        "pages": pages,
        "charts": charts,
        "cases": {
            "pdf-warm": {"value": again},
            "pdf-warm-changed": {"value": changed},
        },
    }


def match(study: Study) -> dict[str, Any]:
    """Return how long the nearest stories take, beside reading as many rows."""
    from django.utils import timezone  # noqa: PLC0415 - needs Django

    from proofline.records.models import Evidence  # noqa: PLC0415 - as above
    from proofline.stages.discovery.matching import nearest  # noqa: PLC0415 - as above

    today = timezone.localdate()
    found = nearest(study, language="en", today=today)
    if not found or not found[0].why:
        raise RuntimeError("nothing matched")
    rows = Evidence.objects.values_list("pk", "sector", "language", "result", "published_on", "account__employees")
    return {
        "value": _timed(lambda: nearest(study, language="en", today=today)),
        "reference": _timed(lambda: list(rows.all())),
    }


def roi() -> dict[str, Any]:
    """Return how long 10,000 draws of eight lines with the tornado take, beside the draws alone."""
    import numpy as np  # noqa: PLC0415 - as the program does

    from proofline.stages.discovery.risk import DRAWS, Worth, spread, tornado  # noqa: PLC0415 - needs Django
    from proofline.stages.discovery.roi import Investment  # noqa: PLC0415 - as above

    lines = [Worth(f"Line {at}", Fraction(1000 + at), Fraction(2000 + at), Fraction(3000)) for at in range(LINES)]
    invested = Investment(once=Decimal(22_000), monthly=Decimal(1_500))

    def both() -> None:
        spread(lines, investment=invested, months=12)
        tornado(lines, investment=invested, months=12)

    def draws() -> None:
        source = np.random.default_rng(1)
        for _line in lines:
            source.triangular(1000, 2000, 3000, DRAWS)

    return {"value": _timed(both), "reference": _timed(draws)}


def configure() -> dict[str, Any]:
    """Return how long the smallest set among 200 modules and 500 rules takes, or why there is none as a page says it; other needs each time, so that none is remembered."""
    from proofline.stages.discovery.configuring.configuration import Conflict, hold_to  # noqa: PLC0415 - needs Django
    from proofline.stages.discovery.configuring.offering import SECONDS_TO_SAY_WHY  # noqa: PLC0415 - as above
    from proofline.stages.discovery.configuring.rules import Module, Need, Rule  # noqa: PLC0415 - as above

    draw = random.Random(7)  # noqa: S311 - the same each time
    ids = [f"m{at}" for at in range(MODULES)]
    modules = [Module(one, frozenset(), Decimal(draw.randrange(100, 10_000)) / 100) for one in ids]
    rules = [
        Rule("requires", tuple(draw.sample(ids, 2)), id=f"r{at}")
        if draw.random() < 0.6  # noqa: PLR2004 - three in five
        else Rule("excludes", tuple(draw.sample(ids, 2)), id=f"r{at}")
        if draw.random() < 0.5  # noqa: PLR2004 - of the rest one half
        else Rule("at_most", tuple(draw.sample(ids, 8)), 5, f"r{at}")
        for at in range(RULES)
    ]
    asked = [[Need(f"n{at}", frozenset(draw.sample(ids, 4))) for at in range(COVERED)] for _time in range(TIMES)]
    for needs in asked[:5]:
        hold_to([*needs, *rules], modules, seconds=0)  # loads both solvers
    found: list[float] = []
    refused: list[float] = []
    for needs in asked:
        began = time.perf_counter()
        held = hold_to([*needs, *rules], modules, seconds=SECONDS_TO_SAY_WHY)
        (refused if isinstance(held, Conflict) else found).append((time.perf_counter() - began) * 1000)
    return {"configure": {"value": found}, "configure-refused": {"value": refused}}


def _timed(act: Callable[[], Any], *, times: int = TIMES) -> list[float]:
    found = []
    for _time in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
