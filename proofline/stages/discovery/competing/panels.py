"""Competitors in discovery, on the pages of others: who uses them, and what a deal's customer uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.stages.discovery.models import Alternative, alternatives_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Competitor
    from proofline.stages.discovery.models import Study

MOST = 10


def studies_facing(request: HttpRequest, competitor: Competitor) -> str:
    """Show at which customers a competitor is in use or considered, the newest first."""
    rows = Alternative.objects.visible_to(request.user).filter(competitor=competitor).order_by("-pk")
    found = list(rows.select_related("study__account")[: MOST + 1])
    context = {"alternatives": found[:MOST], "more": len(found) > MOST, "competitor": competitor}
    return render_to_string("discovery/competing/customers.html", context, request=request)


def alternatives_card(request: HttpRequest, study: Study) -> str:
    """Show what a study's customer uses and considers, for a later room's page."""
    may_write = request.user.may_write("discovery")
    context = {"study": study, "alternatives": alternatives_of(study), "may_write": may_write}
    return render_to_string("discovery/competing/card.html", context, request=request)
