"""A first draft of a comparison: our column from the modules that ease a need's pain, theirs from battle cards and what the customer said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proofline.records.models import Answer, Claim, Module
from proofline.stages.discovery.comparing.table import comparison
from proofline.stages.discovery.models import Cell, alternatives_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.records.models import Pain, User
    from proofline.stages.discovery.models import Alternative, Need, Study

Draft = dict[str, Any]


def draft(study: Study, *, by: User | None, now: datetime, today: date) -> int:
    """Fill the empty cells as far as the library and the study know, in the customer's language; return how many.

    What somebody wrote stays. `today` decides which evidence is still valid.
    """
    found: list[Cell] = []
    with transaction.atomic(), translation.override(study.account.language or translation.get_language()):
        alternatives = alternatives_of(study)
        claims = _claims(alternatives)
        modules = _modules(study)
        for row in comparison(study, alternatives=alternatives).rows:
            need = row.need
            eased = modules.get(need.pain_id or 0, [])
            for place in row.places:
                if place.cell is not None:
                    continue
                alternative = place.column.alternative
                said = _ours(eased) if alternative is None else _theirs(alternative, need, eased, claims, today=today)
                if said:
                    found.append(Cell(need=need, alternative=alternative, **said))
        Cell.objects.bulk_create(found)
        if found:
            study.tell("comparison.drafted", by=by, at=now, cells=len(found))
    return len(found)


def _modules(study: Study) -> dict[int, list[Module]]:
    """Return the modules that ease each pain which the study's needs name."""
    needs = study.needs.filter(pain__isnull=False).select_related("pain")
    pains: dict[int, Pain] = {
        need.pain_id: need.pain
        for need in needs.prefetch_related(Prefetch("pain__modules", Module.objects.order_by("pk")))
    }
    return {pk: list(pain.modules.all()) for pk, pain in pains.items()}


def _claims(alternatives: list[Alternative]) -> dict[int, list[Claim]]:
    """Return what can be compared of each competitor, the latest check first."""
    rivals = [one.competitor_id for one in alternatives if one.competitor_id]
    found: dict[int, list[Claim]] = {}
    rows = Claim.objects.filter(competitor__in=rivals).exclude(answer="").select_related("evidence")
    for claim in rows.order_by("-checked_on", "-pk"):
        found.setdefault(claim.competitor_id, []).append(claim)
    return found


def _ours(eased: list[Module]) -> Draft | None:
    names = dict.fromkeys(module.called for module in eased)  # several products may have one of a name
    return {"answer": Answer.YES, "source": ", ".join(names)[:300]} if eased else None


def _theirs(
    alternative: Alternative, need: Need, eased: list[Module], claims: dict[int, list[Claim]], *, today: date
) -> Draft | None:
    if any(unmet.pk == need.pk for unmet in alternative.needs.all()):
        source = _("You told us") if alternative.stated_by else _("Our talk with you")
        return {"answer": Answer.NO, "source": source, "sourced_on": timezone.localdate(alternative.noted_at)}
    keys = {module.pk for module in eased}
    for claim in claims.get(alternative.competitor_id or 0, []):
        if (need.pain_id and claim.pain_id == need.pain_id) or claim.module_id in keys:
            source = _source(claim, today=today)
            return {"answer": claim.answer, "figure": claim.figure, "source": source, "sourced_on": claim.checked_on}
    return None


def _source(claim: Claim, *, today: date) -> str:
    """Return what customers may be told of where a claim comes from."""
    proof = claim.evidence
    if proof and proof.permission and not proof.has_expired(today=today):
        return proof.title
    return claim.source_url or _("Our own research")
