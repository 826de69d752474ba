"""The proposal as the customer sees it, behind its private link."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_POST, require_safe

from proofline.kit import panels
from proofline.kit.links import client_ip, user_agent
from proofline.stages.discovery.admitting.guard import behind_link
from proofline.stages.discovery.admitting.visitors import admitted_email, visitor_of
from proofline.stages.discovery.conversing.talk import talk_of
from proofline.stages.discovery.models import ONE_VISIT, Proposal, open_proposal
from proofline.stages.discovery.robots import counts
from proofline.stages.discovery.showing import Shown
from proofline.stages.discovery.views.proposals import pdf_response
from proofline.stages.discovery.wishing.choosing import selection_of
from proofline.stages.discovery.writing.versions import changed_since_read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.http import HttpRequest

    from proofline.stages.discovery.admitting.visitors import Visitor
    from proofline.stages.discovery.conversing.talk import Typed

LARGEST_BEACON = 4096
READER_LENGTH = 32


@behind_link()
@require_safe
def public(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The page. Opening it is recorded, unless a robot or one of us looks."""
    changed: list[str] = []
    if counts(request):
        changed = changed_since_read(proposal, reader=reader_of(request, proposal))
        open_proposal(
            proposal,
            now=timezone.now(),
            reader=reader_of(request, proposal),
            ip=client_ip(request),
            user_agent=user_agent(request),
            email=_shown_email(request, proposal),
        )
    return page(request, proposal, changed=changed)


def page(
    request: HttpRequest,
    proposal: Proposal,
    *,
    typed: Typed | None = None,
    wish_trouble: str = "",
    who: Visitor | None = None,
    changed: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the page; with what was typed and what is wrong with it, where it could not be kept."""
    shown = Shown(proposal, price=panels.render("proposal.price", request=request, subject=proposal))
    visitor = visitor_of(request, proposal)
    ours, selection = request.user.is_authenticated, selection_of(proposal)
    context: dict[str, Any] = {
        "shown": shown,
        "proposal": proposal,
        "counted": counts(request),
        "changed": changed,
        "pdf_url": reverse("discovery:proposal_public_pdf", args=[proposal.token]),
        "expires_at": _expiry(proposal),
        "LANGUAGE_CODE": proposal.language,
        "talk": talk_of(shown, visitor=visitor, may_comment=not ours, typed=typed),
        "who": who or visitor,
        "visitor": visitor,
        "selection": selection,
        "may_wish": not ours,
        "wish_trouble": wish_trouble,
        "offer_note": selection and panels.render("proposal.offer_note", request=request, subject=proposal),
    }
    return render(request, "discovery/proposal_public.html", context, status=status)


@behind_link()
@require_GET
def pdf(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """The same as a PDF."""
    return pdf_response(request, proposal, now=timezone.now())


@behind_link()
@require_POST
def reading(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Take {section: seconds} from the page of a reader who agreed; the secret address is all that it needs."""
    now, seconds = timezone.now(), _seconds(request)
    if seconds is None:
        return HttpResponse(status=400)
    if not counts(request):
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
    """Return what tells readers of one proposal apart; it can't be turned back.

    Who came by a code is one reader on all their devices; else nothing is stored on a device, and a reader is a browser at an address.
    """
    text = _shown_email(request, proposal) or f"{client_ip(request)} {user_agent(request)}"
    return salted_hmac(proposal.token, text, algorithm="sha256").hexdigest()[:READER_LENGTH]


def _shown_email(request: HttpRequest, proposal: Proposal) -> str:
    sending = proposal.last_sending
    return admitted_email(request, proposal) if sending and sending.asks_code else ""


def _expiry(proposal: Proposal) -> datetime | None:
    sending = proposal.last_sending
    return sending.expires_at if sending else None
