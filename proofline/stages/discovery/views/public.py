"""The proposal as the customer sees it, behind its private link."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from proofline.kit import panels
from proofline.kit.links import client_ip, user_agent
from proofline.stages.discovery.models import ONE_VISIT, Proposal, open_proposal
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.views.proposals import pdf_response

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

LARGEST_BEACON = 4096
READER_LENGTH = 32
ROBOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|externalhit|embedly|whatsapp|telegram|slack|facebookcatalog", re.IGNORECASE
)


@login_not_required
@never_cache
@require_GET
def public(request: HttpRequest, token: str) -> HttpResponse:
    """The page. Opening it is recorded, unless a robot or one of us looks."""
    proposal, now = _find(token), timezone.now()
    with translation.override(proposal.language):
        if proposal.state(now=now) != "sent":
            return _closed(request, proposal)
        counted = _counts(request)
        if counted:
            open_proposal(
                proposal,
                now=now,
                reader=reader_of(request, proposal),
                ip=client_ip(request),
                user_agent=user_agent(request),
            )
        price = panels.render("proposal.price", request=request, subject=proposal)
        context = {
            "shown": Shown(proposal, price=price),
            "proposal": proposal,
            "counted": counted,
            "pdf_url": reverse("discovery:proposal_public_pdf", args=[token]),
            "expires_at": _expiry(proposal),
            "LANGUAGE_CODE": proposal.language,
        }
        return render(request, "discovery/proposal_public.html", context)


@login_not_required
@never_cache
@require_GET
def pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The same as a PDF."""
    proposal, now = _find(token), timezone.now()
    if proposal.state(now=now) != "sent":
        with translation.override(proposal.language):
            return _closed(request, proposal)
    return pdf_response(request, proposal, now=now)


@login_not_required
@csrf_exempt
@require_POST
def reading(request: HttpRequest, token: str) -> HttpResponse:
    """Take {section: seconds} from the page of a reader who agreed; the secret address is all that it needs."""
    proposal, now = _find(token), timezone.now()
    seconds = _seconds(request)
    if seconds is None:
        return HttpResponse(status=400)
    if proposal.state(now=now) != "sent" or not _counts(request):
        return HttpResponse(status=204)
    opening = proposal.openings.filter(reader=reader_of(request, proposal)).order_by("-at").first()
    if opening is not None and opening.at > now - 8 * ONE_VISIT:
        opening.note_reading(seconds, now=now)
    return HttpResponse(status=204)


def _seconds(request: HttpRequest) -> dict[str, int] | None:
    if len(request.body) > LARGEST_BEACON:
        return None
    try:
        given: Any = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(given, dict):
        return None
    return {name: value for name, value in given.items() if isinstance(value, int) and not isinstance(value, bool)}


def reader_of(request: HttpRequest, proposal: Proposal) -> str:
    """Return what tells readers of one proposal apart; nothing is stored on their device, and it can't be turned back."""
    text = f"{client_ip(request)} {user_agent(request)}"
    return salted_hmac(proposal.token, text, algorithm="sha256").hexdigest()[:READER_LENGTH]


def _find(token: str) -> Proposal:
    rows = Proposal.objects.select_related("study__account", "study__owner", "value_case__study", "configuration")
    proposal: Proposal | None = rows.filter(token=token).first()
    if proposal is None or proposal.last_sending is None:
        raise Http404
    return proposal


def _counts(request: HttpRequest) -> bool:
    robot = ROBOTS.search(user_agent(request)) or "prefetch" in request.headers.get("Sec-Purpose", "")
    return not robot and not request.user.is_authenticated


def _expiry(proposal: Proposal) -> datetime | None:
    sending = proposal.last_sending
    return sending.expires_at if sending else None


def _closed(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    context = {"proposal": proposal, "owner": proposal.study.owner, "LANGUAGE_CODE": proposal.language}
    return render(request, "discovery/link_closed.html", context, status=410)
