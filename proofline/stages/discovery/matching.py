"""Which stories are nearest to a customer, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit.text import fold
from proofline.records.models import Evidence

if TYPE_CHECKING:
    from datetime import date

    from proofline.records.models import Account
    from proofline.stages.discovery.models import Study

PAIN, SECTOR, MODULE, SIZE, LANGUAGE, NUMBERS = 4, 3, 2, 2, 1, 1
NEAR_IN_SIZE = 2


@dataclass
class Match:
    """A piece of evidence with its nearness and the reasons for it."""

    evidence: Evidence
    score: int = 0
    why: list[str] = field(default_factory=list)

    def add(self, points: int, why: str) -> None:
        """Count a reason."""
        self.score += points
        self.why.append(why)


def nearest(study: Study, *, language: str, today: date, limit: int = 8) -> list[Match]:
    """Return the evidence nearest to a study's customer, the nearest first; only what may be shown and has not expired."""
    pains = {pain.pk: pain for pain in (need.pain for need in study.needs.select_related("pain")) if pain}
    for line in (line for case in study.value_cases.all() for line in case.lines.select_related("pain")):
        if line.pain:
            pains[line.pain.pk] = line.pain
    modules = {module.pk for pain in pains.values() for module in pain.modules.all()}
    shown = Evidence.objects.filter(permission=True).select_related("account").prefetch_related("pains", "modules")
    matches = [
        _match(item, study.account, pains=set(pains), modules=modules, language=language)
        for item in shown
        if not item.has_expired(today=today) and item.account_id != study.account_id
    ]
    return sorted((match for match in matches if match.score), key=lambda match: (-match.score, -match.evidence.pk))[
        :limit
    ]


def _match(item: Evidence, account: Account, *, pains: set[int], modules: set[int], language: str) -> Match:
    match = Match(item)
    for pain in item.pains.all():
        if pain.pk in pains:
            match.add(PAIN, _("same pain: %(pain)s") % {"pain": pain})
    if item.sector and fold(item.sector) == fold(account.sector):
        match.add(SECTOR, _("same industry: %(sector)s") % {"sector": item.sector})
    if any(module.pk in modules for module in item.modules.all()):
        match.add(MODULE, _("uses the modules that ease these pains"))
    if item.account and _near(item.account.employees, account.employees):
        match.add(SIZE, _("similar size: %(employees)s employees") % {"employees": item.account.employees})
    if match.score and item.language == language:
        match.add(LANGUAGE, _("in the customer's language"))
    if match.score and item.result:
        match.add(NUMBERS, _("has a result in numbers"))
    return match


def _near(one: int | None, other: int | None) -> bool:
    return bool(one and other and max(one, other) <= NEAR_IN_SIZE * min(one, other))
