"""Who gets past the link of a proposal: one decorator for all that stands behind it."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.kit.prepared import Prepared
from proofline.stages.discovery.admitting.visitors import must_show_code
from proofline.stages.discovery.models import Proposal
from proofline.stages.discovery.too_often import too_often
from proofline.stages.discovery.unsent import mail_body, unsent
from proofline.stages.discovery.writing.versions import as_sent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[Concatenate[HttpRequest, Proposal, ...], HttpResponse]

GUESSING = Pace(at_once=60, an_hour=240)
"""Addresses that lead nowhere, by sender."""


_of_token: Prepared[Proposal] = Prepared(
    lambda token: Proposal.objects.filter(token=token).select_related(
        "study__account", "study__owner", "value_case__study", "configuration"
    )
)


def behind_link(*, before_code: bool = False) -> Callable[[View], Callable[..., HttpResponse]]:
    """Give a view the proposal of the link in place of its token, in the proposal's language.

    There is none: 404. The link is closed: 410 with whom to ask. A code has to be shown first: the page that asks for it, 403 where something
    was to be done; not for views of `before_code`. What is sent needs no CSRF token: the secret address is what it needs, and the cookie
    of a code is not sent along from other sites.
    """

    def decorate(view: View) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @login_not_required
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
            proposal = _find(request, token)
            if isinstance(proposal, Proposal):
                with translation.override(proposal.language):
                    if proposal.state(now=timezone.now()) != "sent":
                        return closed(request, proposal)
                    if not before_code and must_show_code(request, proposal):
                        return ask_code(request, proposal, status=200 if request.method in {"GET", "HEAD"} else 403)
                    return view(request, proposal, **more)
            return proposal

        return guarded

    return decorate


def _find(request: HttpRequest, token: str) -> Proposal | HttpResponse:
    proposal = _of_token.first(token)
    if proposal is not None and (sending := proposal.last_sending) is not None:
        return as_sent(proposal, sending)
    if wait := GUESSING.wait(client_ip(request)):
        return too_often(request, wait)
    raise Http404


def closed(request: HttpRequest, proposal: Proposal) -> HttpResponse:
    """Say that the link is closed, and whom to ask; what was typed is shown again."""
    return render(request, "discovery/link_closed.html", _about(proposal) | _typed(request), status=410)


def ask_code(request: HttpRequest, proposal: Proposal, *, status: int = 200, **more: Any) -> HttpResponse:
    """Ask for the address that a code is sent to, or for the code; nothing of the proposal is told."""
    return render(request, "discovery/admitting/code.html", _about(proposal) | _typed(request) | more, status=status)


def _typed(request: HttpRequest) -> dict[str, Any]:
    texts = unsent(request)
    return {"unsent": texts, "mail_body": mail_body(texts)}


def _about(proposal: Proposal) -> dict[str, Any]:
    return {"proposal": proposal, "owner": proposal.study.owner, "LANGUAGE_CODE": proposal.language}
