"""What visitors reckoned, on the page of their lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.records.access import Seen
from proofline.stages.discovery.models import Calculation

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.stages.reach.models import Lead

MOST = 10
_of_lead = Seen[Calculation](
    Calculation,
    lambda rows, lead: rows.filter(lead=lead).select_related("calculator", "taking__value_case").order_by("-pk")[:MOST],
)


def calculations_of_lead(request: HttpRequest, lead: Lead) -> str:
    """Show what the lead reckoned, and the way into a value case."""
    found = _of_lead(lead.pk, user=request.user)
    if not found:
        return ""
    context = {
        "calculations": found,
        "is_qualified": bool(getattr(lead, "qualification", None)),
        "may_write": request.user.may_write("discovery"),
    }
    return render_to_string("discovery/calculators/panel.html", context, request)
