"""What the catalogue suggests for a value case: pain → the metrics that show it, the modules that ease it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofline.records.models import Pain, ValueMetric
from proofline.stages.discovery.improving import basis_of
from proofline.stages.discovery.models import LineTemplate
from proofline.stages.discovery.units import Unit, UnitError

if TYPE_CHECKING:
    from proofline.records.models import Module
    from proofline.stages.discovery.models import Need, ValueCase


@dataclass(frozen=True)
class Suggestion:
    """A pain of the catalogue, with the need that names it, if any does."""

    pain: Pain
    need: Need | None
    metrics: list[ValueMetric]
    modules: list[Module]
    templates: list[LineTemplate]


def suggestions(case: ValueCase) -> list[Suggestion]:
    """Return the pains that no line speaks of yet; those that the customer named come first."""
    used = {line.pain_id for line in case.lines.all()}
    named = {need.pain_id: need for need in case.study.needs.order_by("-pk") if need.pain_id}
    pains = Pain.objects.exclude(pk__in=used - {None}).order_by("name")
    templates: dict[int, list[LineTemplate]] = {}
    for template in LineTemplate.objects.order_by("pk"):
        templates.setdefault(template.pain_id, []).append(template)
    found = [
        Suggestion(
            pain,
            named.get(pain.pk),
            list(pain.metrics.all()),
            list(pain.modules.all()),
            templates.get(pain.pk, []),
        )
        for pain in pains.prefetch_related("metrics", "modules")
    ]
    return sorted(found, key=lambda suggestion: suggestion.need is None)


def first_values(
    *,
    case: ValueCase,
    need: Need | None,
    pain: Pain | None,
    metric: ValueMetric | None,
    template: LineTemplate | None = None,
) -> dict[str, Any]:
    """Return what a new line begins with: what really was reached, else the template's improvement; all else from the template, where there is one."""
    if template:
        pain, metric = template.pain, template.metric or metric
    pain = pain or (need.pain if need else None)
    if metric is None and pain is not None:
        metric = pain.metrics.first()
    unit = _unit(metric.unit if metric else "h/week")
    values: dict[str, Any] = {"need": need, "pain": pain, "metric": metric, "unit": str(unit), "people": 1}
    values["name"] = str(pain or (need and need.text) or "")[:200]
    values["rate_per"] = "" if unit.is_money else unit.thing
    if unit.is_money and unit.thing != case.currency:
        values["unit"] = f"{case.currency}/{unit.period}"
    basis = basis_of(metric, case.study.account)
    values |= template.first_values(case) if template else {}
    return values | (basis.values | {"improvement_source": basis.source} if basis else {})


def _unit(text: str) -> Unit:
    try:
        return Unit.parse(text)
    except UnitError:
        return Unit("h", "week")
