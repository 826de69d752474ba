"""Use per account: who does how much, and when last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.insight.explore import finding, wording
from proofline.insight.explore.told import Cell, Teller, Told, heads, plain
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.timeline.query.analyses.usage import Usage, Used

DRAWN = 12


def told(teller: Teller, answer: Usage) -> Told:
    """Tell which customers use what."""
    sliced = answer.question.by is not None
    words = [_("Account"), _("Slice")] if sliced else [_("Account")]
    columns = heads(words, [_("Events"), _("People"), _("Days"), _("Last")])
    if not answer.accounts:
        return Told(heads=columns)
    names = finding.account_names([str(one.account) for one in answer.accounts], user=teller.user)
    points = [
        charts.Point(_called(teller, one, names, sliced=sliced), one.events, teller.people(**_at(one, sliced=sliced)))
        for one in answer.accounts[:DRAWN]
    ]
    best = answer.accounts[0]
    headline = _("%(name)s does the most: %(events)s by %(people)s") % {
        "name": points[0].label,
        "events": wording.counted(best.events, "events"),
        "people": wording.counted(best.people, "people"),
    }
    chart = charts.bar(
        headline=headline, unit=wording.unit("events"), points=points, name=_("Account"), horizontal=True
    )
    return Told(chart=chart, heads=columns, rows=[_row(teller, one, names, sliced=sliced) for one in answer.accounts])


def _row(teller: Teller, one: Used, names: dict[str, str], *, sliced: bool) -> list[Cell]:
    key = str(one.account)
    link = reverse("records:account", args=[one.account])
    return [
        Cell(names[key], link) if key in names else plain(_("Account %(number)s") % {"number": key}),
        *([plain(teller.slice(one.key))] if sliced else []),
        Cell(formats.number(one.events), is_number=True),
        teller.number(one.people, **_at(one, sliced=sliced)),
        Cell(formats.number(one.days), is_number=True),
        Cell(formats.ago(one.last, now=timezone.now()), is_number=True),
    ]


def _called(teller: Teller, one: Used, names: dict[str, str], *, sliced: bool) -> str:
    name = names.get(str(one.account)) or _("Account %(number)s") % {"number": one.account}
    return f"{name} · {teller.slice(one.key)}" if sliced else name


def _at(one: Used, *, sliced: bool) -> dict[str, Any]:
    return {"account": one.account, "key": one.key} if sliced else {"account": one.account}
