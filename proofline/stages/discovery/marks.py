"""The mark of the proof strip that this room sets: what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.kit.prepared import Prepared
from proofline.stages.discovery.models import ValueCase

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from proofline.records.models import Account
    from proofline.stages.discovery.models import Study


def _frozen(**of: int) -> QuerySet[ValueCase]:
    cases = ValueCase.objects.filter(**of, freezing__isnull=False).select_related("freezing").prefetch_related("lines")
    return cases.order_by("-freezing__at", "-pk")[:1]


_of_study = Prepared[ValueCase](lambda study: _frozen(study=study))
_of_account = Prepared[ValueCase](lambda account: _frozen(study__account=account))


def promised(*, account: Account | None = None, study: Study | None = None) -> Mark:
    """Return the promise that was made last to an account, or in a study; empty while there is none."""
    case = _of_study.first(study.pk) if study else _of_account.first(account.pk) if account else None
    if case is None:
        return Mark()
    number, unit = formats.money(case.monthly_value), _("a month")
    if not case.monthly_value and (lines := case.ordered_lines):
        number, unit = lines[0].formula.saved, ""
    return Mark(state="done", number=number, unit=unit, date=case.freezing.at, url=case.get_absolute_url())
