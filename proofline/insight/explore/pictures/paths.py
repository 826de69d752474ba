"""Paths: what people do next, or did before, as flows from step to step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.insight.explore import wording
from proofline.insight.explore.told import Teller, Told, heads, plain, share
from proofline.kit import charts, formats

if TYPE_CHECKING:
    from proofline.kit.charts import Chart
    from proofline.timeline.query.analyses.paths import Link, Paths

DRAWN = 8
"""So many flows a step are drawn; the table has all."""
STEPS = 4


def told(teller: Teller, answer: Paths) -> Told:
    """Tell which ways are gone most."""
    columns = heads([_("Step"), _("From"), _("Then")], [wording.unit(answer.unit).capitalize(), _("Of all")])
    if not answer.links:
        return Told(heads=columns)
    rows = [
        [
            plain(str(link.step + 1)),
            plain(link.source),
            plain(link.target),
            teller.number(link.count, step=link.step, source=link.source, target=link.target),
            share(link.count / answer.began if answer.began else None),
        ]
        for link in answer.links
    ]
    return Told(chart=_chart(teller, answer), heads=columns, rows=rows)


def headline(answer: Paths) -> str:
    """Return the finding: the commonest next, or last, thing."""
    first = max((link for link in answer.links if not link.step), key=lambda link: link.count)
    part = formats.percent(first.count / answer.began, digits=1) if answer.began else formats.NOTHING
    words = {"share": part, "from": first.source, "to": first.target, "unit": wording.unit(answer.unit)}
    if answer.backward:
        return _("What comes before %(to)s most often is %(from)s: %(share)s of the %(unit)s") % words
    return _("What follows %(from)s most often is %(to)s: %(share)s of the %(unit)s") % words


def _chart(teller: Teller, answer: Paths) -> Chart:
    drawn = [link for link in _most(answer) if link.step < STEPS]
    nodes: dict[str, str] = {}
    flows = []
    for link in drawn:
        source, target = _columns(link, backward=answer.backward)
        nodes |= {f"{source}:{link.source}": link.source, f"{target}:{link.target}": link.target}
        url = teller.people(step=link.step, source=link.source, target=link.target)
        flows.append(charts.Flow(f"{source}:{link.source}", f"{target}:{link.target}", link.count, url))
    ordered = {key: nodes[key] for key in sorted(nodes, key=lambda key: int(key.partition(":")[0]))}
    return charts.sankey(
        headline=headline(answer), unit=wording.unit(answer.unit), nodes=ordered, flows=flows, name=_("From and to")
    )


def _most(answer: Paths) -> list[Link]:
    found: dict[int, list[Link]] = {}
    for link in answer.links:
        found.setdefault(link.step, []).append(link)
    return [link for links in found.values() for link in links[:DRAWN]]


def _columns(link: Link, *, backward: bool) -> tuple[int, int]:
    """Return the columns of a flow's ends, so that time goes from left to right."""
    return (STEPS - 1 - link.step, STEPS - link.step) if backward else (link.step, link.step + 1)
