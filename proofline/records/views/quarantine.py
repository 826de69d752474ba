"""Settings → Quarantine: events that could not be taken in, and what to do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit import jobs
from proofline.kit.components import Column, Empty, Filter, ListPage, toast
from proofline.kit.formats import number
from proofline.records.access import require_write
from proofline.records.forms import ReplayForm
from proofline.records.views.answers import accepted
from proofline.records.views.reasons import told, worded
from proofline.records.views.workspace import SETTINGS
from proofline.timeline.jobs import AT_ONCE, replay_quarantined
from proofline.timeline.models import Quarantined, Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from proofline.timeline.models.quarantine import Group

MOST_GROUPS = 30
LONGEST_ID = 18


@never_cache
@require_GET
def quarantine(request: HttpRequest) -> HttpResponse:
    """List refused events, and how many have the same reason."""
    require_write(request.user, area=SETTINGS)
    held = Quarantined.objects.held()
    groups = held.groups()[:MOST_GROUPS]
    names = dict(Source.objects.values_list("pk", "name"))
    return ListPage(
        request,
        queryset=held.select_related("source"),
        columns=[
            Column(_("Event"), lambda row: row.title or "–"),
            Column(_("Reason"), lambda row: worded(row.reason)),
            Column(_("Sent by"), lambda row: row.source.name if row.source else _("Facts of the sale")),
            Column(_("Came"), "received_at", "when"),
        ],
        filters=_filters(groups, names),
        row_url=lambda row: reverse("records:quarantined", args=[row.pk]),
        empty=Empty(
            _("Nothing is in quarantine"),
            _("Events that can't be taken in wait here with their reason, and can be tried again."),
            icon="shield-check",
        ),
    ).render(
        "records/quarantine.html", {"groups": [_row(group, names) for group in groups], "progress": _progress(request)}
    )


def _filters(groups: Sequence[Group], names: dict[int, str]) -> list[Filter]:
    sources = {group.source or 0 for group in groups}
    reasons = sorted({group.reason for group in groups})
    return [
        Filter(
            "source",
            _("Sent by"),
            [(str(pk), names.get(pk) or _("Facts of the sale")) for pk in sorted(sources)],
            lambda found, value: found.filter(source=int(value) or None),
        ),
        Filter(
            "reason",
            _("Reason"),
            [(reason, worded(reason)) for reason in reasons],
            lambda found, value: found.filter(reason=value),
        ),
    ]


def _row(group: Group, names: dict[int, str]) -> dict[str, Any]:
    asked: dict[str, str | int] = {"source": group.source or 0, "reason": group.reason}
    return {
        "reason": group.reason,
        "worded": worded(group.reason),
        "source": group.source or 0,
        "name": names.get(group.source or 0) or _("Facts of the sale"),
        "events": group.events,
        "url": f"{reverse('records:quarantine')}?{urlencode(asked)}",
    }


@require_GET
def quarantined(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one refused event, to correct it."""
    require_write(request.user, area=SETTINGS)
    one = _load(pk)
    return _page(request, one, ReplayForm(initial={"text": one.text}))


@require_POST
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Try one again, corrected when a text is sent."""
    require_write(request.user, area=SETTINGS)
    one = _load(pk)
    by, now = request.user.pk, timezone.now()
    if "text" in request.POST and one.is_message:
        form = ReplayForm(request.POST)
        if not accepted(form, lambda: one.replay(by=by, now=now, text=form.cleaned_data["text"])):
            return _page(request, one, form)
    elif not one.replay(by=by, now=now):
        toast(request, _("This can't be tried as it is; correct it first."))
        return redirect("records:quarantined", one.pk)
    toast(request, _("The event is tried again; if it fails, it comes back with its new reason."))
    return redirect("records:quarantine")


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Discard one."""
    require_write(request.user, area=SETTINGS)
    now = timezone.now()
    if _load(pk).discard(by=request.user.pk, now=now):
        toast(request, _("The event is discarded."), undo=_undo(now))
    return redirect("records:quarantine")


@never_cache
@require_http_methods(["GET", "POST"])
def replays(request: HttpRequest) -> HttpResponse:
    """Try all of a source and a reason again: at once when they are few, else in the background, whose progress GET shows."""
    require_write(request.user, area=SETTINGS)
    if request.method == "GET":
        progress = _progress(request)
        shown = render(request, "records/quarantine.html#progress", {"progress": progress})
        return shown if progress else redirect("records:quarantine")
    asked = _asked(request)
    wanted = Quarantined.objects.held().of(**asked)
    if wanted[: AT_ONCE + 1].count() > AT_ONCE:
        job = replay_quarantined.enqueue(**asked, by=request.user.pk)
        return redirect(f"{reverse('records:quarantine')}?{urlencode({'job': job.id})}")
    count = wanted.replay(by=request.user.pk, now=timezone.now())
    text = ngettext("%(count)s event is tried again.", "%(count)s events are tried again.", count)
    toast(request, text % {"count": number(count)})
    return redirect("records:quarantine")


@require_POST
def removals(request: HttpRequest) -> HttpResponse:
    """Discard all of a source and a reason."""
    require_write(request.user, area=SETTINGS)
    asked, now = _asked(request), timezone.now()
    if asked["source"] is None and not asked["reason"]:  # not everything by mistake
        return redirect("records:quarantine")
    count = Quarantined.objects.of(**asked).discard(by=request.user.pk, now=now)
    text = ngettext("%(count)s event is discarded.", "%(count)s events are discarded.", count)
    toast(request, text % {"count": number(count)}, undo=_undo(now))
    return redirect("records:quarantine")


@require_POST
def returns(request: HttpRequest) -> HttpResponse:
    """Take it back that one discarded something at a moment."""
    require_write(request.user, area=SETTINGS)
    try:
        at = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        at = None
    if at is not None and timezone.is_aware(at):
        Quarantined.objects.filter(left_at=at, left_by=request.user.pk).restore()
    return redirect("records:quarantine")


def _load(pk: int) -> Quarantined:
    """Return what is in quarantine under a number.

    Raises:
        Http404: nothing is (any more).
    """
    found = Quarantined.objects.held().select_related("source").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, one: Quarantined, form: ReplayForm) -> HttpResponse:
    context = {
        "one": one,
        "form": form,
        "reason": worded(one.reason),
        "why": told(one.error),
        "cancel": reverse("records:quarantine"),
    }
    return render(request, "records/quarantined.html", context, status=422 if form.is_bound else 200)


def _undo(now: Any) -> str:
    return f"{reverse('records:quarantine_returns')}?{urlencode({'at': now.isoformat()})}"


def _asked(request: HttpRequest) -> dict[str, Any]:
    source = request.POST.get("source", "")
    known = source.isascii() and source.isdigit() and len(source) <= LONGEST_ID
    return {"source": int(source) if known else None, "reason": request.POST.get("reason", "")}


def _progress(request: HttpRequest) -> dict[str, Any] | None:
    """Return how far the replay goes that the address names, None when it names none."""
    try:
        job = UUID(request.GET.get("job", ""))
    except ValueError:
        return None
    status = jobs.status(job)
    return {"job": job, "status": status} if status else None
