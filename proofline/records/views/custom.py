"""Settings of custom fields: per kind of record the list in its order, adding, changing, retiring and bringing back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Tab, toast
from proofline.kit.lists import kind_named
from proofline.records import kinds
from proofline.records.access import require_write
from proofline.records.forms import CustomFieldForm
from proofline.records.jobs import index_custom_field
from proofline.records.models import CustomField
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.workspace import SETTINGS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

ICONS = {
    "text": "letter-case",
    "number": "number",
    "money": "coin",
    "date": "calendar",
    "choice": "circle-dot",
    "choices": "list-check",
    "person": "user",
    "relation": "link",
    "formula": "math-function",
    "rollup": "sum",
}
SAYS = {
    "text": gettext_lazy("A line of words, such as a tax number"),
    "number": gettext_lazy("To count with, such as branches"),
    "money": gettext_lazy("An amount in one currency"),
    "date": gettext_lazy("A day of the calendar"),
    "choice": gettext_lazy("One of the options that you name"),
    "choices": gettext_lazy("Any number of the options that you name"),
    "person": gettext_lazy("One of your colleagues"),
    "relation": gettext_lazy("An account, a contact or another record"),
    "formula": gettext_lazy("Computed from the record’s other fields"),
    "rollup": gettext_lazy("What the records below come to: how many, their sum, the newest"),
}


def kind_label(kind: kinds.Kind) -> str:
    """Return how records of a kind are called."""
    return str(kind_named(kind.slug).label)


def asked_kind(request: HttpRequest) -> kinds.Kind:
    """Return the kind of record that the address names (`?kind=deal`), the first one where it names none.

    Raises:
        Http404: there is no such kind.
    """
    found = kinds.named(request.GET.get("kind", kinds.every()[0].name))
    if found is None:
        raise Http404
    return found


def address_of(kind: str) -> str:
    """Return the address of a kind's fields."""
    return f"{reverse('records:custom_fields')}?kind={kind}"


def _keep(field: CustomField) -> None:
    """Have its index made, or dropped, in the background."""
    index_custom_field.enqueue(field_id=field.pk)


@require_GET
def custom_fields(request: HttpRequest) -> HttpResponse:
    """List a kind's custom fields in their order, with those that are retired."""
    require_write(request.user, area=SETTINGS)
    kind = asked_kind(request)
    found = list(CustomField.objects.of(kind.name))
    context = {
        "kind": kind,
        "tabs": [Tab(kind_label(one), address_of(one.name), active=one is kind) for one in kinds.every()],
        "fields": [(one, ICONS[one.type]) for one in found if one.retired_at is None],
        "retired": [(one, ICONS[one.type]) for one in found if one.retired_at is not None],
    }
    return render(request, "records/custom_fields.html", context)


@require_http_methods(["GET", "POST"])
def custom_field_new(request: HttpRequest) -> HttpResponse:
    """Add a field: first its type is chosen (`?type=`), then what that type needs is asked."""
    require_write(request.user, area=SETTINGS)
    kind = asked_kind(request)
    chosen = request.GET.get("type", "")
    back = (_("Custom fields"), address_of(kind.name))
    if chosen not in CustomField.Type.values:
        types = [(value, label, ICONS[value], SAYS[value]) for value, label in CustomField.Type.choices]
        context = {"kind": kind, "label": kind_label(kind), "types": types, "back": back}
        return render(request, "records/custom_field_types.html", context)
    form = CustomFieldForm(request.POST or None, instance=CustomField(kind=kind.name, type=chosen))

    def add() -> None:
        values = form.values | {"kind": kind.name, "type": chosen}
        _keep(CustomField.objects.add(by=request.user, now=timezone.now(), **values))

    if request.method == "POST" and _accepted(form, add):
        toast(request, _("Field added."))
        return redirect(back[1])
    title = _("New field of %(kind)s: %(type)s") % {
        "kind": kind_label(kind),
        "type": CustomField.Type(chosen).label,
    }
    return form_page(request, form, title=title, submit=_("Add field"), cancel=back[1], back=back)


@require_http_methods(["GET", "POST"])
def custom_field(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a field; its type stays."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(CustomField, pk=pk)
    form = CustomFieldForm(request.POST or None, instance=found)
    back = (_("Custom fields"), address_of(found.kind))
    if request.method == "POST" and _accepted(form, lambda: found.change(**form.values)):
        toast(request, _("Saved."))
        return redirect(back[1])
    return form_page(request, form, title=_("Change field"), cancel=back[1], back=back)


def _accepted(form: CustomFieldForm, act: Any) -> bool:
    """As `accepted`, with the errors of the options at the place where they are typed."""

    def told() -> None:
        try:
            act()
        except ValidationError as error:
            if hasattr(error, "error_dict") and "options" in error.error_dict:
                error.error_dict["options_text"] = error.error_dict.pop("options")
            raise

    return accepted(form, told)


@require_POST
def custom_field_position(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a field up or down (`step`)."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(CustomField.objects.in_use(), pk=pk)
    others = list(CustomField.objects.of(found.kind).in_use())
    place = others.index(found)
    before = max(place - 1, 0) if request.POST.get("step") == "up" else place + 2
    found.move(before=others[before] if before < len(others) else None)
    return redirect(address_of(found.kind))


@require_POST
def custom_field_retirement(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide a field; what records have of it stays."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(CustomField, pk=pk)
    found.retire(now=timezone.now())
    _keep(found)
    undo = reverse("records:custom_field_return", args=[pk])
    toast(request, _("“%(name)s” is hidden; its values are kept.") % {"name": found.label}, undo=undo)
    return redirect(address_of(found.kind))


@require_POST
def custom_field_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a retired field again."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(CustomField, pk=pk)
    found.bring_back()
    _keep(found)
    toast(request, _("“%(name)s” is back, with its values.") % {"name": found.label})
    return redirect(address_of(found.kind))
