"""Saying something to an assumption: agreeing, questioning, explaining."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from proofline.records.models import Task
from proofline.stages.discovery.agreeing.models import LONGEST_NOTE, AssumptionAnswer, Verdict
from proofline.stages.discovery.agreeing.premises import agreement_of
from proofline.stages.discovery.texts import fault_of

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import Contact, User
    from proofline.stages.discovery.agreeing.models import ValueCaseLink
    from proofline.stages.discovery.agreeing.premises import Premise
    from proofline.stages.discovery.models import ValueCase

LONGEST_NAME = 120


class FigureMovedError(Exception):
    """The figure changed between being read and being answered: what was said, was said to another one."""


@dataclass(frozen=True)
class Speaker:
    """Who says something: by a name or as a contact; themselves through a `link`, or noted `by` one of us."""

    name: str = ""
    contact: Contact | None = None
    link: ValueCaseLink | None = None
    by: User | None = None


def answer(
    case: ValueCase,
    premise: Premise,
    *,
    who: Speaker,
    verdict: str,
    now: datetime,
    note: str = "",
    basis: str | None = None,
) -> AssumptionAnswer:
    """Keep what somebody said to an assumption; `basis` is the figure that they had before them, where that is known.

    Raises:
        FigureMovedError: the figure is another one by now.
        ValidationError: by `name`, `note`, `contact` or `verdict`.
    """
    name = " ".join((who.name or (str(who.contact) if who.contact else "")).split())
    if verdict == Verdict.EXPLAINED and who.by is not None:
        name = str(who.by)
    _check(case, replace(who, name=name), verdict=verdict, note=note)
    if basis is not None and basis != premise.basis:
        raise FigureMovedError(_("This figure was changed meanwhile. Please look at it again."))
    with transaction.atomic():
        kept = AssumptionAnswer.objects.create(
            value_case=case,
            kind=premise.kind,
            line=premise.line,
            assumption=premise.assumption,
            verdict=verdict,
            basis=premise.basis,
            note=note.strip(),
            name=name,
            contact=who.contact,
            link=who.link,
            by=who.by,
            at=now,
        )
        _tell(case, premise, kept, now=now)
    return kept


def _check(case: ValueCase, who: Speaker, *, verdict: str, note: str) -> None:
    if verdict not in Verdict.values or (verdict == Verdict.EXPLAINED and who.by is None):
        raise ValidationError({"verdict": _("Agree, or say how you see it.")})
    if not who.name:
        raise ValidationError({"name": _("Say who says so.")})
    if fault := fault_of(who.name, most=LONGEST_NAME):
        raise ValidationError({"name": fault})
    if fault := fault_of(note, most=LONGEST_NOTE):
        raise ValidationError({"note": fault})
    if verdict != Verdict.AGREED and not note.strip():
        raise ValidationError({"note": _("Say how you see it.")})
    if who.contact and who.contact.account_id not in {None, case.study.account_id}:
        raise ValidationError({"contact": _("This contact belongs to another account.")})


def _tell(case: ValueCase, premise: Premise, kept: AssumptionAnswer, *, now: datetime) -> None:
    case.study.tell(
        f"assumption.{kept.verdict}",
        by=kept.by,
        at=now,
        subject=("value_case", case.pk),
        contact=kept.contact_id,
        key=f"assumption:{kept.pk}",
        value_case=case.name,
        value_case_id=case.pk,
        assumption=premise.text,
        figure=kept.basis,
        who=kept.name,
        note=kept.note,
    )
    if kept.verdict == Verdict.QUESTIONED and kept.by is None:
        _ask_owner(case, kept, now=now)
    if kept.verdict == Verdict.AGREED and agreement_of(case).is_complete:
        case.study.tell(
            "value_case.agreed",
            by=kept.by,
            at=now,
            subject=("value_case", case.pk),
            contact=kept.contact_id,
            key=f"value_case.agreed:{case.pk}:{kept.pk}",
            value_case=case.name,
            value_case_id=case.pk,
            who=kept.name,
        )


def _ask_owner(case: ValueCase, kept: AssumptionAnswer, *, now: datetime) -> None:
    owner = case.study.owner
    with translation.override((owner and owner.language) or translation.get_language()):
        title = _("%(who)s of %(account)s questions an assumption of “%(case)s”: %(note)s") % {
            "who": kept.name,
            "account": case.study.account,
            "case": case.name,
            "note": kept.note,
        }
    Task.objects.ask(
        key=f"assumption.questioned:{kept.pk}",
        title=title[:250],
        owner=owner,
        account=case.study.account,
        url=f"{case.get_absolute_url()}#assumptions",
        created_at=now,
        due_at=now,
    )
