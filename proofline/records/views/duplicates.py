"""Duplicates: the queue of pairs to look at, two records side by side, merging, parting, looking through all there is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Tab, paginate, toast
from proofline.kit.lists import kind_named
from proofline.records import jobs, matching, merging, saying
from proofline.records.access import load, require_write
from proofline.records.forms import MergeWithForm
from proofline.records.likeness import kind_of
from proofline.records.models import Apart, Merger, Pair, Scan
from proofline.records.models.duplicates import MODELS
from proofline.records.previewing import fields_of_two, follows, reasons_of_two
from proofline.records.views.already import shown
from proofline.records.views.answers import form_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.records.models import User

SCANS = "import"
"""The area that one has to be allowed to change to have all looked through (see `roles.WRITES`)."""
TOLD_WITH: defaultdict[str, tuple[str, ...]] = defaultdict(tuple, {"accounts": ("parent",), "contacts": ("account",)})
"""By kind: what is shown of other records beside it."""


class Row(NamedTuple):
    """A pair of the queue."""

    first: Any
    second: Any
    why: list[saying.Said]
    url: str
    apart_url: str


OTHER_TABS: dict[str, Any] = {}
"""Pages of later rooms beside the queue, by the name of their address, with their labels."""


def tabs(active: str) -> list[Tab]:
    """Return the parts of the queue; `active` is a kind, or the name of another page's address."""
    address = reverse("records:duplicates")
    own = [Tab(str(kind_named(name).label), f"{address}?kind={name}", active=name == active) for name in MODELS]
    return own + [Tab(str(label), reverse(name), active=name == active) for name, label in OTHER_TABS.items()]


@never_cache
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """List the pairs of which the user may see both, those first that most speaks for; `?kind=contacts`."""
    kind = request.GET.get("kind", "")
    kind = kind if kind in MODELS else "accounts"
    page = paginate(Pair.objects.visible_to(request.user, kind), request, ("-bits",), 25)
    there = MODELS[kind].objects.select_related("owner", *(["account"] if kind == "contacts" else []))
    records = there.in_bulk({pk for pair in page.rows for pk in (pair.first, pair.second)})
    rows = [_row(kind, records[pair.first], records[pair.second], pair.reasons) for pair in page.rows]
    context = {
        "kind": kind,
        "page": page,
        "rows": rows,
        "tabs": tabs(kind),
        "may_write": request.user.may_write(MODELS[kind].write_area),
    }
    return render(request, "records/duplicates.html", context | _scan_of(request.user))


def _row(kind: str, first: Any, second: Any, reasons: list[Any]) -> Row:
    keys = first.pk, second.pk
    return Row(
        first, second, saying.said(reasons), _address(kind, "compare", *keys), _address(kind, "separation", *keys)
    )


def _address(kind: str, what: str, pk: int, other: int) -> str:
    return reverse(f"records:{kind.removesuffix('s')}_{what}", args=[pk, other])


def _scan_of(user: User) -> dict[str, Any]:
    """Return what a page shows of the last scan; how many pairs it found only to who may see them all."""
    scan = Scan.objects.seen().order_by("-pk").first()
    return {"scan": scan, "may_scan": user.may_write(SCANS), "sees_all": user.scope == "all"}


@require_POST
def scans(request: HttpRequest) -> HttpResponse:
    """Have everything looked through."""
    require_write(request.user, area=SCANS)
    with transaction.atomic():
        scan, new = Scan.objects.begin(by=request.user, now=timezone.now())
        if new:
            scan.given_to(str(jobs.scan.enqueue(scan=scan.pk).id))
    return redirect("records:duplicates")


def _two(request: HttpRequest, kind: str, pk: int, other: int, *, write: bool = False) -> tuple[Any, Any]:
    if pk == other:
        raise Http404
    found = MODELS[kind].objects.select_related("owner", *TOLD_WITH[kind])
    return (
        load(found, user=request.user, pk=pk, write=write),
        load(found, user=request.user, pk=other, write=write),
    )


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, pk: int, other: int, kind: str) -> HttpResponse:
    """Show two records side by side, and let the second become the first with the fields that were chosen."""
    winner, loser = _two(request, kind, pk, other, write=request.method == "POST")
    fault = ""
    if request.method == "POST":
        take = {name for name in merging.names_of(MODELS[kind]) if request.POST.get(f"take-{name}") == "other"}
        try:
            merger = merging.merge(winner, loser, take=take, by=request.user, now=timezone.now())
        except merging.MergedError as error:
            fault = str(error)
        except ValidationError as error:
            fault = " ".join(error.messages)
        else:
            undo = reverse("records:merger_reversal", args=[merger.pk])
            toast(
                request, _("%(name)s is part of %(into)s now.") % {"name": merger.name, "into": merger.into}, undo=undo
            )
            return redirect(MODELS[kind].objects.get(pk=winner.pk))
    context = {
        "kind": kind,
        "winner": winner,
        "loser": loser,
        "why": saying.said(reasons_of_two(winner, loser)),
        "fields": fields_of_two(winner, loser, user=request.user),
        "follows": follows(loser, user=request.user),
        "fault": fault,
        "swap": _address(kind, "compare", other, pk),
        "apart": _address(kind, "separation", pk, other),
        "said": Apart.objects.between(kind, pk, other).select_related("by").first(),
        "may_write": request.user.may_write(MODELS[kind].write_area),
    }
    return render(request, "records/compare.html", context, status=422 if fault else 200)


@require_POST
def separation(request: HttpRequest, pk: int, other: int, kind: str) -> HttpResponse:
    """Say that two are not the same; nobody is asked again."""
    one, two = _two(request, kind, pk, other, write=True)
    Apart.say(kind, one.pk, two.pk, by=request.user, now=timezone.now())
    undo = _address(kind, "separation_reversal", pk, other)
    toast(request, _("%(one)s and %(two)s are kept apart.") % {"one": one, "two": two}, undo=undo)
    return redirect(f"{reverse('records:duplicates')}?kind={kind}")


@require_POST
def separation_reversal(request: HttpRequest, pk: int, other: int, kind: str) -> HttpResponse:
    """Take back that two are not the same; they are asked about again."""
    _two(request, kind, pk, other, write=True)
    said = Apart.objects.between(kind, pk, other).first()
    if said is None:
        raise Http404
    said.take_back(now=timezone.now())
    return redirect(_address(kind, "compare", pk, other))


@require_http_methods(["GET", "POST"])
def merge_with(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Name the record that is the same as this one, then look at both."""
    found = load(MODELS[kind], user=request.user, pk=pk, write=True)
    form = MergeWithForm(request.POST or None, user=request.user, kind=kind, record=found)
    if request.method == "POST" and form.is_valid():
        return redirect(_address(kind, "compare", found.pk, form.cleaned_data["other"].pk))
    back = (found.name, found.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("Merge with …"),
        intro=_("The other one becomes part of %(name)s; you choose the fields next.") % {"name": found.name},
        submit=_("Compare"),
        cancel=back[1],
        back=back,
    )


def maybe(request: HttpRequest, record: Any) -> dict[str, Any]:
    """Return what a record's page shows of others that may be the same."""
    found = shown(matching.known_of(record, user=request.user))
    for row in found["rows"]:
        row["url"] = _address(kind_of(record), "compare", record.pk, row["record"].pk)
    return found


@never_cache
@require_GET
def mergers(request: HttpRequest) -> HttpResponse:
    """List what was merged, newest first."""
    found = Merger.objects.visible_to(request.user).select_related("by", "unmerger__by")
    page = paginate(found, request, ("-at",), 50)
    context = {
        "page": page,
        "rows": [
            (one, MODELS[one.kind](pk=one.winner).get_absolute_url(), _may_write(one, request.user))
            for one in page.rows
        ],
    }
    return render(request, "records/mergers.html", context)


def _may_write(merger: Merger, user: User) -> bool:
    return bool(user.may_write(MODELS[merger.kind].write_area))


@require_POST
def reversal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a merger back."""
    merger = load(Merger, user=request.user, pk=pk)
    require_write(request.user, area=MODELS[merger.kind].write_area)
    try:
        loser = merging.unmerge(merger, by=request.user, now=timezone.now())
    except (merging.MergedError, ValidationError) as error:
        text = str(error) if isinstance(error, merging.MergedError) else " ".join(error.messages)
        toast(request, text, level=messages.ERROR)
        return redirect("records:mergers")
    toast(request, _("%(name)s is a record of its own again.") % {"name": loser})
    seen = MODELS[merger.kind].objects.visible_to(request.user).filter(pk=loser.pk)
    return redirect(loser) if seen.exists() else redirect("records:mergers")
