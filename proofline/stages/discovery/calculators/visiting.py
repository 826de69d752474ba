"""Visits of calculators: who counts as a visitor, and what tells one from another without keeping who they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.crypto import salted_hmac

from proofline.kit.links import client_ip, user_agent
from proofline.stages.discovery.models import CalculatorVisit
from proofline.stages.discovery.robots import counts

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.stages.discovery.models import Calculator

VISITOR_LENGTH = 32


def note_visit(request: HttpRequest, calculator: Calculator, *, embedded: bool, used: bool = False) -> None:
    """Count that a visitor opened a calculator, and `used` it with numbers of their own; robots and our own people don't count."""
    if not counts(request):
        return
    now = timezone.now()
    visitor = _visitor(request, calculator, now=now)
    visit = CalculatorVisit.objects.note(calculator, now=now, visitor=visitor, embedded=embedded)
    if used:
        visit.use(now=now)


def _visitor(request: HttpRequest, calculator: Calculator, *, now: datetime) -> str:
    """Return what tells visitors of one calculator apart for a day; it can't be turned back, and nothing is stored on their device."""
    text = f"{now:%Y-%m-%d} {client_ip(request)} {user_agent(request)}"
    return salted_hmac(calculator.token, text, algorithm="sha256").hexdigest()[:VISITOR_LENGTH]
