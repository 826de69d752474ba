"""Many records at once: change, assign, remove, and take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.kit.lists import kind_named
from proofline.kit.paging import COUNT_CAP
from proofline.records.access import require_write
from proofline.records.lists.acting import run, undo
from proofline.records.lists.changing import changeable, input_of
from proofline.records.lists.jobs import act, take_back
from proofline.records.models import ListAction
from proofline.records.models.acting import plain_value
from proofline.records.views.answers import form_page
from proofline.records.views.lists.asked import Asked

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.kit.lists import Kind


TITLES = {
    "remove": gettext_lazy("Removing records"),
    "join": gettext_lazy("Adding to a segment"),
    "leave": gettext_lazy("Removing from a segment"),
}


class ChangeForm(forms.Form):
    """Which field, and to what."""

    def __init__(self, *args: Any, kind: Kind, user: Any, chosen: str, here: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = changeable(kind)
        names = [(one.name, one.label) for one in known]
        self.fields["field"] = forms.ChoiceField(label=_("Field"), choices=names)
        self.chosen = next((one for one in known if one.name == chosen), known[0])
        self.fields["field"].widget.attrs |= {
            "hx-get": here,  # in a dialog, the page's own address is the list's
            "hx-trigger": "change",
            "hx-include": "this",
            "hx-target": "#bulk-fields",
            "hx-select": "#bulk-fields",
            "hx-swap": "outerHTML",
        }
        self.initial.setdefault("field", self.chosen.name)
        field = input_of(kind, self.chosen, user=user)
        field.label = _("New value")
        self.fields["value"] = field

    @property
    def values(self) -> dict[str, Any]:
        """What is set, as JSON keeps it."""
        return {self.chosen.edits: plain_value(self.cleaned_data["value"])}


@require_http_methods(["GET", "POST"])
def bulk(request: HttpRequest, kind: str) -> HttpResponse:
    """Set a field of all marked records."""
    asked = Asked.by(request, kind)
    require_write(asked.user, area=asked.kind.area)
    if not changeable(asked.kind):
        raise Http404
    records = asked.chosen()
    field = request.POST.get("field") or request.GET.get("field", "")
    here = request.get_full_path()
    form = ChangeForm(request.POST or None, kind=asked.kind, user=asked.user, chosen=field, here=here)
    if request.method == "POST" and form.is_valid():
        values = form.values
        action = ListAction.objects.begin(
            by=asked.user, now=timezone.now(), kind=kind, verb="change", records=records, values=values
        )
        return answered(request, action, back=asked.address())
    number = records.order_by()[:COUNT_CAP].count()
    title = ngettext("Change %(number)s record", "Change %(number)s records", number) % {
        "number": f"{number}+" if number == COUNT_CAP else number
    }
    context = {"form": form, "title": title, "cancel": asked.address(), "here": here}
    return render(request, "records/lists/bulk.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, kind: str) -> HttpResponse:
    """Remove the marked records. It can be taken back, so nobody is asked first; a GET says how many they are."""
    asked = Asked.by(request, kind)
    require_write(asked.user, area=asked.kind.area)
    if not asked.kind.can_remove:
        raise Http404
    if request.method == "GET":
        number = asked.chosen().order_by()[:COUNT_CAP].count()
        title = ngettext("Remove %(number)s record", "Remove %(number)s records", number) % {
            "number": f"{number}+" if number == COUNT_CAP else number
        }
        intro = _("What belongs to them goes with them. It can be taken back.")
        return form_page(request, forms.Form(), title=title, submit=_("Remove"), cancel=asked.address(), intro=intro)
    action = ListAction.objects.begin(
        by=asked.user, now=timezone.now(), kind=kind, verb="remove", records=asked.chosen()
    )
    return answered(request, action, back=asked.address())


def answered(request: HttpRequest, action: ListAction, *, back: str) -> HttpResponse:
    """Do what is small, have done what is large, and lead on."""
    page = reverse("records:list_action", args=[action.pk])
    if not action.is_small:
        act.enqueue(action_id=action.pk)
        return redirect(page)
    run(action, now=timezone.now())
    counts = action.counts
    if counts["failed"]:
        return redirect(page)
    toast(request, said(action, counts["done"]), undo=reverse("records:list_action_undo", args=[action.pk]))
    return redirect(back)


def said(action: ListAction, number: int) -> str:
    """Say what was done."""
    if action.verb == ListAction.Verb.REMOVE:
        return ngettext("%(number)s record removed.", "%(number)s records removed.", number) % {"number": number}
    if action.is_membership:
        told = {"number": number, "segment": action.segment}
        if action.verb == ListAction.Verb.JOIN:
            return (
                ngettext("%(number)s record is in “%(segment)s”.", "%(number)s records are in “%(segment)s”.", number)
                % told
            )
        return (
            ngettext(
                "%(number)s record is out of “%(segment)s”.", "%(number)s records are out of “%(segment)s”.", number
            )
            % told
        )
    return ngettext("%(number)s record changed.", "%(number)s records changed.", number) % {"number": number}


def own(request: HttpRequest, pk: int) -> ListAction:
    """Return the user's own action."""
    return get_object_or_404(ListAction.objects.of(request.user), pk=pk)


@require_GET
def action_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far it is, and what could not be done."""
    action = own(request, pk)
    kind = kind_named(action.kind)
    failures = list(action.failures)
    known = kind.visible(request.user).in_bulk([row.record for row in failures])
    context = {
        "action": action,
        "kind": kind,
        "counts": action.counts,
        "failures": [(known.get(row.record), row) for row in failures],
        "is_under_way": action.state in {"running", "undoing"},
        "list": action.segment.get_absolute_url() if action.is_membership and action.segment else reverse(kind.address),
        "title": TITLES.get(action.verb, _("Changing records")),
    }
    return render(request, "records/lists/action.html", context)


@require_POST
def action_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    action = own(request, pk)
    require_write(request.user, area=action.area)
    if action.ask_undo(now=timezone.now()):
        if not action.is_small:
            take_back.enqueue(action_id=action.pk)
            return redirect("records:list_action", action.pk)
        undo(action, now=timezone.now())
    if action.counts["kept"]:
        return redirect("records:list_action", action.pk)
    toast(request, _("Undone."))
    if action.is_membership and action.segment:
        return redirect(action.segment)
    return redirect(reverse(kind_named(action.kind).address))


@require_POST
def action_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave the rest as it is."""
    own(request, pk).stop(now=timezone.now())
    return redirect("records:list_action", pk)
