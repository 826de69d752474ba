"""Further pages of a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from proofline.timeline import access, feed
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

DIGITS = 18
"""So many fit into the record store's ids."""


@require_safe
def feed_page(request: HttpRequest) -> HttpResponse:
    """Show a page of a feed: `?of=` one that was shown to this user, or `?account=`, `?contact=`, `?person=` that they may see."""
    before = request.GET.get("before", "")
    shown = feed.page(_scope(request), chosen=request.GET.get("kinds", ""), before=before, user=request.user.pk)
    whole, items = "timeline/feed_page.html", "timeline/feed_items.html"
    part = items if before else "timeline/feed_list.html"
    return render(request, part if "part" in request.GET else whole, {"feed": shown})


def _scope(request: HttpRequest) -> Scope:
    """Return whose feed is asked for.

    Raises:
        Http404: the user may not see it, or nobody's is asked for.
    """
    if token := request.GET.get("of"):
        scope = feed.opened(token, user=request.user.pk)
    else:
        account, contact, person = (_number(request, name) for name in ("account", "contact", "person"))
        access.check(request, account=account, contact=contact, person=person)
        scope = Scope(account, contact, person=person)
    if scope is None:
        raise Http404
    return scope


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
