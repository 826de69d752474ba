"""Which stories are nearest to a customer, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from heapq import nlargest
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from proofline.kit.text import fold
from proofline.records.models import Evidence, Pain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from proofline.records.models import Account
    from proofline.stages.discovery.models import Study

PAIN, SECTOR, MODULE, SIZE, LANGUAGE, NUMBERS, FRESH = 4, 3, 2, 2, 1, 1, 1
NEAR_IN_SIZE = 2
A_YEAR = timedelta(days=365)


Reason = tuple[int, str, Any]
"""The points, what is said, and what it speaks of; put into words for the nearest alone."""


@dataclass
class Match:
    """A piece of evidence with its nearness and the reasons for it."""

    evidence: Evidence
    score: int = 0
    why: list[str] = field(default_factory=list)


class _Same(dict[str, bool]):
    """Whether an industry is the customer's, however it is written; each is looked at once."""

    def __init__(self, sector: str) -> None:
        super().__init__()
        self.sector = fold(sector)

    def __missing__(self, written: str) -> bool:
        self[written] = fold(written) == self.sector
        return self[written]


class _Row(NamedTuple):
    """What decides how near a piece is; of thousands no more is read."""

    pk: int
    sector: str
    language: str
    result: str
    published_on: date | None
    employees: int | None


@dataclass(frozen=True)
class _Wanted:
    """What a customer is like."""

    account: Account
    same_sector: Mapping[str, bool]
    """Whether an industry, as a piece writes it, is the customer's."""
    language: str
    year_ago: date
    pains: Mapping[int, list[Pain]]
    """The customer's pains that each piece speaks of."""
    with_modules: Collection[int]
    """The pieces that speak of modules which ease the customer's pains."""

    def reasons(self, row: _Row) -> list[Reason]:
        """Return why a piece is near; what is near to everybody does not count alone."""
        found: list[Reason] = [(PAIN, gettext_noop("same pain: %(it)s"), pain) for pain in self.pains.get(row.pk, [])]
        if row.sector and self.same_sector[row.sector]:
            found.append((SECTOR, gettext_noop("same industry: %(it)s"), row.sector))
        if row.pk in self.with_modules:
            found.append((MODULE, gettext_noop("uses the modules that ease these pains"), None))
        if _near(row.employees, self.account.employees):
            found.append((SIZE, gettext_noop("similar size: %(it)s employees"), row.employees))
        return found + self._also(row) if found else []

    def _also(self, row: _Row) -> list[Reason]:
        found: list[Reason] = []
        if row.language == self.language:
            found.append((LANGUAGE, gettext_noop("in the customer's language"), None))
        if row.result:
            found.append((NUMBERS, gettext_noop("has a result in numbers"), None))
        if row.published_on and row.published_on > self.year_ago:
            found.append((FRESH, gettext_noop("of the last year"), None))
        return found


def nearest(study: Study, *, language: str, today: date, limit: int = 8) -> list[Match]:
    """Return the evidence nearest to a study's customer, the nearest first; only what may be shown and has not expired."""
    wanted = _wanted(study, language=language, today=today)
    shown = Evidence.objects.showable(today=today).exclude(account=study.account_id)
    rows = shown.values_list("pk", "sector", "language", "result", "published_on", "account__employees")
    near = [(sum(reason[0] for reason in why), row[0], why) for row in rows if (why := wanted.reasons(_Row(*row)))]
    best = nlargest(limit, near, key=lambda one: one[:2])
    pieces: dict[int, Any] = Evidence.objects.select_related("account").in_bulk([pk for _score, pk, _why in best])
    return [Match(pieces[pk], score, [_(text) % {"it": it} for _points, text, it in why]) for score, pk, why in best]


def _wanted(study: Study, *, language: str, today: date) -> _Wanted:
    named = set(study.needs.values_list("pain", flat=True))
    named |= set(study.value_cases.values_list("lines__pain", flat=True))
    pains = Pain.objects.in_bulk(named - {None})
    modules = Pain.modules.through.objects.filter(pain__in=pains).values_list("module", flat=True)
    spoken: dict[int, list[Pain]] = {}
    for piece, pain in (
        Evidence.pains.through.objects.filter(pain__in=pains).order_by("pk").values_list("evidence", "pain")
    ):
        spoken.setdefault(piece, []).append(pains[pain])
    return _Wanted(
        account=study.account,
        same_sector=_Same(study.account.sector),
        language=language,
        year_ago=today - A_YEAR,
        pains=spoken,
        with_modules=set(
            Evidence.modules.through.objects.filter(module__in=modules).values_list("evidence", flat=True)
        ),
    )


def _near(one: int | None, other: int | None) -> bool:
    return bool(one and other and max(one, other) <= NEAR_IN_SIZE * min(one, other))
