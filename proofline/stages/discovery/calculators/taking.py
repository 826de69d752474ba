"""What a visitor reckoned becomes the beginning of a value case, once their lead is qualified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from proofline.records.models import Account, Pain, ValueMetric
from proofline.stages.discovery.models import Calculation, CalculationTaking, Study, ValueCase

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.calculators.sheets import SheetLine


def take(calculation: Calculation, *, by: User, now: datetime, study: Study | None = None) -> ValueCase:
    """Begin a value case with the numbers of a visitor; a second time returns the one that there is.

    Without `study` it goes into the account's newest one that `by` may see, else into a new one.

    Raises:
        ValidationError: the lead is not qualified, its account is one that `by` may not see, or the study is another customer's.
    """
    with transaction.atomic():
        held: Calculation = Calculation.objects.select_for_update(of=("self",)).get(pk=calculation.pk)
        taking = CalculationTaking.objects.filter(calculation=held).select_related("value_case__study").first()
        if taking is not None:
            case: ValueCase = taking.value_case
            return case
        study = _study(held, by=by, now=now, study=study)
        sheet = held.sheet
        case = ValueCase.objects.draft(
            by=by,
            now=now,
            study=study,
            name=str(held.calculator),
            currency=sheet.currency,
            investment_once=sheet.once,
            investment_monthly=sheet.monthly,
        )
        for line in sheet.lines:
            case.add_line(by=by, now=now, **_fields(line, held))
        CalculationTaking.objects.create(calculation=held, value_case=case, by=by, at=now)
        study.tell("calculator.taken", by=by, at=now, calculator=str(held.calculator), value_case=case.name)
    return case


def _study(calculation: Calculation, *, by: User, now: datetime, study: Study | None) -> Study:
    qualification = getattr(calculation.lead, "qualification", None)
    account = qualification and qualification.account
    if qualification is None or account is None:
        raise ValidationError(_("Qualify the lead first: then there is a customer whose value case it can be."))
    if not Account.objects.visible_to(by).filter(pk=account.pk).exists():
        raise ValidationError(_("The lead's account is one that you may not see. Ask its owner."))
    if study is not None:
        if study.account_id != account.pk:
            raise ValidationError({"study_id": _("That discovery is another customer's.")})
        return study
    newest: Study | None = Study.objects.visible_to(by).filter(account=account).order_by("-pk").first()
    return newest or Study.objects.open_study(
        by=by, now=now, account=account, contact=qualification.contact, lead=calculation.lead
    )


def _fields(line: SheetLine, calculation: Calculation) -> dict[str, Any]:
    """Return a line as a value case takes it, each number with who said it."""
    names = {"calculator": str(calculation.calculator)}
    own, ours = (
        _("their own figures in the calculator “%(calculator)s”") % names,
        _("the calculator “%(calculator)s”") % names,
    )
    return {
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "people": line.people,
        "low": line.low,
        "expected": line.expected,
        "high": line.high,
        "rate_amount": line.rate,
        "rate_per": line.rate_per,
        "metric": ValueMetric.objects.filter(pk=line.metric or 0).first(),
        "pain": Pain.objects.filter(pk=line.pain or 0).first(),
        "source_note": own if {"quantity", "people"} & set(line.asked) else ours,
        "said_on": timezone.localdate(calculation.at),
        "improvement_source": own if "improvement" in line.asked else ours,
        "rate_source": "" if line.rate is None else own if "rate" in line.asked else ours,
    }
