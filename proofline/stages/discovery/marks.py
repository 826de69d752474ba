"""The mark of the proof strip that this room sets: what was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.kit.components import Mark
from proofline.stages.discovery.models import ValueCase

if TYPE_CHECKING:
    from proofline.records.models import Account
    from proofline.stages.discovery.models import Study


def promised(*, account: Account | None = None, study: Study | None = None) -> Mark:
    """Return the promise that was made last to an account, or in a study; empty while there is none."""
    cases = ValueCase.objects.filter(freezing__isnull=False).select_related("freezing").prefetch_related("lines")
    cases = cases.filter(study=study) if study else cases.filter(study__account=account)
    case = cases.order_by("-freezing__at", "-pk").first()
    if case is None:
        return Mark()
    number, unit = formats.money(case.monthly_value), _("a month")
    if not case.monthly_value and (lines := case.ordered_lines):
        number, unit = lines[0].formula.saved, ""
    return Mark(state="done", number=number, unit=unit, date=case.freezing.at, url=case.get_absolute_url())
