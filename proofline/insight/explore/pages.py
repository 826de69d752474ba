"""The pages of *Explore*: all questions, one question with its answer, the people behind a number, the answer as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.insight.explore import answering, behind, edits, finding, tables
from proofline.insight.explore.asked import Asked, asked_of, read
from proofline.insight.explore.builder import Builder
from proofline.insight.explore.kinds import KINDS
from proofline.insight.explore.told import Told, Trouble
from proofline.insight.models import SavedQuestion
from proofline.kit.components import Column, Empty, Filter, ListPage
from proofline.timeline.query.refusing import QuestionError
from proofline.timeline.store import StoreError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    from proofline.records.models import User

NOT_A_QUESTION = 400


@require_GET
def explore(request: HttpRequest) -> HttpResponse:
    """List the questions that are kept, below the kinds that can be asked."""
    return ListPage(
        request,
        queryset=SavedQuestion.objects.visible_to(request.user).select_related("owner"),
        columns=[
            Column(_("Question"), "name", sort="name"),
            Column(_("Kind"), lambda saved: str(KINDS[saved.kind].label) if saved.kind in KINDS else saved.kind),
            Column(_("Seen by"), lambda saved: _("Everybody") if saved.shared else _("Only me")),
            Column(_("Owner"), "owner", "user"),
            Column(_("Changed"), "changed_at", "when", sort="changed_at"),
        ],
        order=("-changed_at",),
        filters=[_whose(request.user), _kind()],
        search=("name",),
        empty=Empty(
            _("No saved questions yet"),
            _("Ask one above and save it, such as “Sign-up to first report, weekly”."),
            reverse("insight:page_funnel"),
            _("New funnel"),
            icon="bookmark",
        ),
    ).render("insight/explore/home.html", {"kinds": KINDS.values()})


@require_GET
def page(request: HttpRequest, kind: str) -> HttpResponse:
    """Show a question with its answer; a choice in the builder leads to the address of the next question."""
    try:
        asked = asked_of(request, kind)
    except QuestionError as error:
        return _refused(request, kind, error)
    following = edits.edited(asked, request.GET)
    if following:
        return redirect(following.url)
    return _shown(request, asked, answering.told(asked, user=request.user))


@require_GET
def people(request: HttpRequest, kind: str) -> HttpResponse:
    """Show who is behind a number of the answer."""
    try:
        asked = asked_of(request, kind)
    except QuestionError as error:
        return _refused(request, kind, error)
    at, after = request.GET.get("at", ""), request.GET.get("after", "")
    shown = behind.shown(asked, at=at, after=after, user=request.user)
    status = NOT_A_QUESTION if shown.trouble and shown.trouble.field else 200
    return render(request, "insight/explore/people.html", {"asked": asked, "shown": shown}, status=status)


@require_GET
def csv(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    """Send the answer's table as CSV."""
    try:
        asked = asked_of(request, kind)
        columns, rows = answering.table(asked.whole, user=request.user)
    except QuestionError as error:
        return _refused(request, kind, error)
    except StoreError as error:
        return _shown(request, asked, Told(trouble=Trouble(str(error))))
    return tables.streamed(columns, rows, name=f"{kind}.csv")


def _refused(request: HttpRequest, kind: str, error: QuestionError) -> HttpResponse:
    """Show the builder as it opens, and say what is wrong with the question in the address."""
    opening = Asked(KINDS[kind], read("", kind=KINDS[kind]))
    return _shown(request, opening, Told(trouble=Trouble(str(error), error.field)))


def _shown(request: HttpRequest, asked: Asked, told: Told) -> HttpResponse:
    saved = _saved(asked, request.user)
    context: dict[str, Any] = {
        "asked": asked,
        "builder": Builder(asked, labels=finding.labels()),
        "told": told,
        "link": request.build_absolute_uri(asked.url),
        "saved": saved,
        "is_mine": saved is not None and saved.may_change(request.user),
        "is_changed": saved is not None and (saved.kind, saved.question) != (asked.kind.key, asked.question),
        "may_add_sources": request.user.may_write("settings"),
    }
    status = NOT_A_QUESTION if told.trouble and told.trouble.field else 200
    return render(request, "insight/explore/page.html", context, status=status)


def _saved(asked: Asked, user: User) -> SavedQuestion | None:
    if asked.saved is None:
        return None
    return SavedQuestion.objects.visible_to(user).filter(pk=asked.saved).select_related("owner").first()


def _whose(user: User) -> Filter:
    def apply(queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(owner=user) if value == "me" else queryset.exclude(owner=user)

    return Filter("owner", _("Owner"), [("me", _("me")), ("others", _("others"))], apply)


def _kind() -> Filter:
    labels = [(key, kind.label) for key, kind in KINDS.items()]
    return Filter("kind", _("Kind"), labels, lambda queryset, value: queryset.filter(kind=value))
