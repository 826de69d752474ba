"""Lifecycle: who is new, comes again, woke up (above the line) or fell asleep (below it), interval by interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proofline.insight.explore import wording
from proofline.insight.explore.told import Teller, Told, heads, plain
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from typing import Any

    from proofline.kit.charts import Tone
    from proofline.timeline.query.analyses.lifecycle import Lifecycle

STATES: dict[str, tuple[Any, Tone]] = {
    "new": (gettext_lazy("New"), "good"),
    "returning": (gettext_lazy("Returning"), "accent"),
    "resurrected": (gettext_lazy("Woken up"), "accent"),
    "dormant": (gettext_lazy("Fallen asleep"), "quiet"),
}


def told(teller: Teller, answer: Lifecycle) -> Told:
    """Tell who came, stayed and left."""
    columns = heads([_("Time")], [str(label) for label, _tone in STATES.values()])
    if not any(map(any, answer.counts.values())):
        return Told(heads=columns)
    labels = [wording.moment(at, interval=answer.question.interval, zone=teller.zone) for at in answer.intervals]
    series = [
        charts.Series(
            str(label),
            [-count if state == "dormant" else count for count in answer.counts[state]],
            [teller.people(state=state, interval=at.isoformat()) for at in answer.intervals],
            tone,
        )
        for state, (label, tone) in STATES.items()
    ]
    chart = charts.grouped(
        headline=headline(answer),
        unit=wording.unit(answer.unit),
        labels=labels,
        series=series,
        name=_("Time"),
        stacked=True,
        write=lambda value: formats.number(abs(value)),
    )
    rows = [
        [
            plain(label),
            *(teller.number(answer.counts[state][place], state=state, interval=at.isoformat()) for state in STATES),
        ]
        for place, (at, label) in enumerate(zip(answer.intervals, labels, strict=True))
    ]
    return Told(chart=chart, heads=columns, rows=rows[::-1], note=teller.running)


def headline(answer: Lifecycle) -> str:
    """Return the finding of the last whole interval: how many are active, and whether more came than left."""
    place = len(answer.intervals) - 2 if len(answer.intervals) > 1 else 0
    count = {state: answer.counts[state][place] for state in STATES}
    came, left = count["new"] + count["resurrected"], count["dormant"]
    words = {
        "active": wording.counted(came + count["returning"], answer.unit),
        "came": formats.number(came),
        "left": formats.number(left),
    }
    if came > left:
        return _("%(active)s active in the last whole interval: %(came)s came, %(left)s left – growing") % words
    if came < left:
        return _("%(active)s active in the last whole interval: %(came)s came, %(left)s left – shrinking") % words
    return _("%(active)s active in the last whole interval: %(came)s came, %(left)s left") % words
