"""Which columns a list shows, how wide, and its saved views."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.lists import state
from proofline.records.models import FirstView, SavedView
from proofline.records.models.views import SHARING
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.lists.asked import Asked

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import User


@require_http_methods(["GET", "POST"])
def columns(request: HttpRequest, kind: str) -> HttpResponse:
    """Choose the columns and their order."""
    asked = Asked.by(request, kind)
    if request.method == "POST":
        names = [name for name in request.POST.getlist("column") if asked.kind.field(name)]
        return redirect(asked.address(columns="" if request.POST.get("reset") else ",".join(names), view=_view(asked)))
    shown = [one.name for one in asked.state.columns]
    known = [one for one in asked.kind.all_fields if one.is_shown]
    ordered = [one for name in shown if (one := asked.kind.field(name))] + [
        one for one in known if one.name not in shown
    ]
    rows = [(one, one.name in shown, one.name == asked.kind.columns[0]) for one in ordered]
    context = {"kind": asked.kind, "rows": rows, "here": request.get_full_path(), "cancel": asked.address()}
    return render(request, "records/lists/columns.html", context)


def _view(asked: Asked) -> str:
    view = asked.state.view
    return str(view.pk) if view else asked.query.get("view", "")


@require_POST
def layout(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep how wide the columns were pulled, in the view that is shown, when it is one's own."""
    asked = Asked.by(request, kind)
    found = asked.state
    try:
        widths = state.widths_of(json.loads(request.POST.get("widths", "{}")))
    except ValueError:
        return HttpResponse(status=400)
    if found.view is not None and found.view.owner_id == asked.user.pk:
        found.view.keep(
            by=asked.user, state={**found.view.state, "widths": {**found.view.state.get("widths", {}), **widths}}
        )
    return HttpResponse(status=204)


class ViewForm(forms.Form):
    """The name of a view, and for whom it is."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    audience = forms.ChoiceField(label=gettext_lazy("For"), choices=SavedView.Audience.choices)
    is_first = forms.BooleanField(label=gettext_lazy("Begin this list with it"), required=False)
    is_first_for_all = forms.BooleanField(
        label=gettext_lazy("Begin it so for everybody who chose none"), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if user.role not in SHARING:
            del self.fields["is_first_for_all"]

    def choose(self, view: SavedView, *, by: User) -> None:
        """Begin the list with the view, as the form says."""
        if self.cleaned_data["is_first"]:
            FirstView.choose(view, by=by)
        else:
            FirstView.forget(view, by=by)
        if self.cleaned_data.get("is_first_for_all"):
            if view.audience != SavedView.Audience.ALL:
                raise ValidationError({"audience": _("A list can begin for everybody only with a view for everybody.")})
            FirstView.choose(view, by=by, for_all=True)


@require_http_methods(["GET", "POST"])
def view_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep the list as it stands under a name; with `?only=state`, what the shown view shows is replaced."""
    asked = Asked.by(request, kind)
    found = asked.state
    if request.method == "POST" and request.POST.get("only") == "state" and found.view is not None:
        found.view.keep(by=asked.user, state=found.plain)
        toast(request, _("The view is saved."))
        return redirect(asked.address(view=str(found.view.pk), filter="", sort="", columns="", group=""))
    form = ViewForm(request.POST or None, user=asked.user, initial={"audience": "me"})
    made: list[SavedView] = []

    def save() -> None:
        values = {"name": form.cleaned_data["name"], "audience": form.cleaned_data["audience"]}
        made.append(
            SavedView.objects.save_view(by=asked.user, now=timezone.now(), kind=kind, state=found.plain, **values)
        )
        form.choose(made[0], by=asked.user)

    if request.method == "POST" and accepted(form, save):
        toast(request, _("The view is saved."))
        return redirect(asked.address(view=str(made[0].pk), filter="", sort="", columns="", group=""))
    return form_page(request, form, title=_("Save this view"), submit=_("Save"), cancel=asked.address())


@require_http_methods(["GET", "POST"])
def view_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename or share a view, or begin the list with it."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    view.require_owner(request.user)
    is_first = view.firsts.filter(user=request.user).exists()
    initial = {
        "name": view.name,
        "audience": view.audience,
        "is_first": is_first,
        "is_first_for_all": view.firsts.filter(user=None).exists(),
    }
    form = ViewForm(request.POST or None, user=request.user, initial=initial)

    def save() -> None:
        view.keep(by=request.user, name=form.cleaned_data["name"], audience=form.cleaned_data["audience"])
        form.choose(view, by=request.user)

    address = Asked.by(request, view.kind).address(view=str(view.pk))
    if request.method == "POST" and accepted(form, save):
        return redirect(address)
    return form_page(request, form, title=_("View “%(name)s”") % {"name": view}, submit=_("Save"), cancel=address)


@require_POST
def view_first(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the list with this view, for oneself."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    FirstView.choose(view, by=request.user)
    toast(request, _("The list begins with “%(name)s” now.") % {"name": view})
    return redirect(Asked.by(request, view.kind).address(view=str(view.pk)))


@require_POST
def view_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """End a view."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=pk)
    view.remove(by=request.user)
    toast(request, _("The view is removed."))
    return redirect(Asked.by(request, view.kind).address(view=""))
