"""Search: the palette's answers, the page of results, and the keyboard's help."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.views.decorators.http import require_GET

from proofline.config import commands, shortcuts
from proofline.kit import search
from proofline.kit.search import rebuilding
from proofline.records.access import whose

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

MOST_LETTERS = 100
IN_PALETTE, POOL_OF_PALETTE = 5, 20
OF_EACH, COUNTED = 5, 100
A_PAGE, POOL_OF_PAGE = 25, 500
LAST_PAGE = POOL_OF_PAGE // A_PAGE
MOST_RECENT = 6
LONGEST = 4


def _text(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\x00", " ").split())[:MOST_LETTERS]


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Answer what is typed into the palette; `recent` are the addresses where the reader was last."""
    text, user = _text(request), request.user
    found = search.find(text, whose=whose(user), limit=IN_PALETTE, pool=POOL_OF_PALETTE) if text else search.Found()
    options = [*commands.pages(text, user=user), *commands.commands(text, user=user)]
    first = [option for option in options if commands.begins(option, text)]
    context = {
        "text": text,
        "found": found,
        "first": first,
        "recent": [] if text else _recent(request),
        "commands": [option for option in commands.commands(text, user=user) if option not in first],
        "pages": [option for option in commands.pages(text, user=user) if option not in first],
        "all_url": f"{reverse('config:search')}?{urlencode({'q': text})}",
    }
    return render(request, "config/palette.html", context)


def _recent(request: HttpRequest) -> list[search.Hit]:
    """Return the records at these addresses that the reader may see, in that order."""
    by_view = {kind.view: kind for kind in reversed(search.registered()) if kind.place == "pk"}
    wanted = []
    for path in request.GET.get("recent", "").split(",")[: MOST_RECENT * 2]:
        try:
            found = resolve(path)
        except Resolver404:
            continue
        if (kind := by_view.get(found.view_name)) and isinstance(found.kwargs.get("pk"), int):
            wanted.append((kind, found.kwargs["pk"]))
    return search.look_up(wanted, whose=whose(request.user))[:MOST_RECENT]


@require_GET
def search_page(request: HttpRequest) -> HttpResponse:
    """Show what is found: the best of each kind, or the pages of one (`?kind=contacts&page=2`)."""
    text = _text(request)
    seen = whose(request.user)
    overview = search.find(text, whose=seen, limit=OF_EACH, pool=COUNTED, whole=True)
    chosen = next((group.kind for group in overview.groups if group.kind.name == request.GET.get("kind")), None)
    number = _page(request)
    found, newer, older = overview, "", ""
    if chosen:
        start = (number - 1) * A_PAGE
        found = search.find(text, whose=seen, among=[chosen], limit=A_PAGE, start=start, pool=POOL_OF_PAGE)
        more = bool(found.groups) and found.groups[0].count > start + A_PAGE and number < LAST_PAGE
        newer = _address(text, chosen.name, number - 1) if number > 1 else ""
        older = _address(text, chosen.name, number + 1) if more else ""
    context = {
        "text": text,
        "found": found,
        "chosen": chosen,
        "kinds": [(group, _address(text, group.kind.name)) for group in sorted(overview.groups, key=_order)],
        "all_url": _address(text),
        "page": {"newer": newer, "older": older},
        "options": [*commands.pages(text, user=request.user)] if text and not chosen else [],
        "filling": bool(rebuilding.missing()),
    }
    return render(request, "config/search.html", context)


def _page(request: HttpRequest) -> int:
    given = request.GET.get("page", "")
    return min(max(int(given), 1), LAST_PAGE) if given.isascii() and given.isdecimal() and len(given) <= LONGEST else 1


def _order(group: search.Group) -> int:
    return search.registered().index(group.kind)


def _address(text: str, kind: str = "", page: int = 1) -> str:
    asked = {"q": text} | ({"kind": kind} if kind else {}) | ({"page": page} if page > 1 else {})
    return f"{reverse('config:search')}?{urlencode(asked)}"


@require_GET
def shortcuts_page(request: HttpRequest) -> HttpResponse:
    """Show every keyboard shortcut."""
    return render(request, "config/shortcuts.html", {"groups": shortcuts.groups()})
