"""The proof strip of each kind of record, gathered from the rooms that promise, price, sign, measure and keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import timezone

from proofline.kit.components import Mark, strip
from proofline.stages.closing.marks import priced, signed
from proofline.stages.closing.models import Deal
from proofline.stages.delivery.marks import measured_and_kept
from proofline.stages.discovery.marks import promised

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account
    from proofline.stages.closing.models import Contract
    from proofline.stages.delivery.models import Project
    from proofline.stages.discovery.models import Study


def of_account(request: HttpRequest, account: Account) -> str:
    """Show how far the last promise to an account has come; nothing before the first promise."""
    now = timezone.now()
    measured, kept = measured_and_kept(now=now, account=account)
    marks = strip(
        promised=promised(account=account),
        priced=priced(account=account),
        signed=signed(now=now, account=account),
        measured=measured,
        kept=kept,
    )
    return _shown(request, marks) if any(mark.state != "empty" for mark in marks) else ""


def of_deal(request: HttpRequest, deal: Deal) -> str:
    """Show how far the promise of a deal has come."""
    now = timezone.now()
    contract: Contract | None = deal.contracts.filter(acceptance__isnull=False).order_by("-pk").first()
    measured, kept = measured_and_kept(now=now, contract=contract) if contract else (Mark(), Mark())
    marks = strip(
        promised=promised(study=deal.study) if deal.study else Mark(),
        priced=priced(deal=deal),
        signed=signed(now=now, deal=deal),
        measured=measured,
        kept=kept,
    )
    return _shown(request, marks)


def of_project(request: HttpRequest, project: Project) -> str:
    """Show how far the promise that a project delivers has come."""
    now = timezone.now()
    deal = project.contract.deal if project.contract else None
    measured, kept = measured_and_kept(now=now, project=project)
    marks = strip(
        promised=promised(study=deal.study) if deal and deal.study else promised(account=project.account),
        priced=priced(deal=deal) if deal else priced(account=project.account),
        signed=signed(now=now, deal=deal) if deal else signed(now=now, account=project.account),
        measured=measured,
        kept=kept,
    )
    return _shown(request, marks)


def of_study(request: HttpRequest, study: Study) -> str:
    """Show what a study promised and what became of it."""
    deal: Deal | None = Deal.objects.filter(study=study).first()
    return of_deal(request, deal) if deal else _shown(request, strip(promised=promised(study=study)))


def _shown(request: HttpRequest, marks: list[Mark]) -> str:
    context: dict[str, Any] = {"marks": marks}
    return render_to_string("config/proof.html", context, request)
