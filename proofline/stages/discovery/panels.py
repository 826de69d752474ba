"""What this room puts on the pages of earlier rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.records.access import Seen
from proofline.stages.discovery.models import Study

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account

MOST = 10


_studies = Seen[Study](
    Study,
    lambda rows, account: (
        rows.filter(account=account)
        .prefetch_related("value_cases__freezing", "value_cases__lines")
        .order_by("-pk")[:MOST]
    ),
)


def studies_of_account(request: HttpRequest, account: Account) -> str:
    """Show an account's discoveries with what was promised."""
    studies = _studies(account.pk, user=request.user)
    may_write = request.user.may_write("discovery")
    if not studies and not may_write:
        return ""
    context = {"studies": studies, "account": account, "may_write": may_write}
    return render_to_string("discovery/panels/studies.html", context, request=request)


def check_of_catalogue(request: HttpRequest, _subject: object) -> str:
    """Keep a place for how much contradicts itself in the catalogue; it is asked for when the page is there."""
    return render_to_string("discovery/panels/check.html", request=request)
