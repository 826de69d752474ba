"""Adding, changing and removing what stands in the library; one table says what kinds there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records import forms
from proofline.records.access import load, require_write
from proofline.records.models import (
    Competitor,
    Evidence,
    Module,
    Pain,
    Product,
    ServicePack,
    Tier,
    ValueMetric,
)
from proofline.records.views.answers import accepted, form_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from proofline.records.models.catalogue import LibraryItem


@dataclass(frozen=True)
class Kind:
    """A kind of library item: its model, its form, its words and where it is shown."""

    model: type[LibraryItem]
    form: type[forms.RecordForm]
    new: Any
    change: Any
    home: Callable[[Any], str]
    """Where an item is shown; None stands for no item in particular."""


def shown(name: str, own: str = "") -> Callable[[Any], str]:
    """Return a home: the item's own page where there is one, else the list."""
    return lambda item: reverse(own, args=[item.pk]) if own and item is not None and item.pk else reverse(name)


def on_product(item: Any) -> str:
    """Return the page of the product that a part belongs to."""
    return item.product.get_absolute_url() if item is not None else reverse("records:catalogue")


KINDS: dict[str, Kind] = {
    "products": Kind(
        Product,
        forms.ProductForm,
        gettext_lazy("New product"),
        gettext_lazy("Change product"),
        shown("records:catalogue", "records:product"),
    ),
    "modules": Kind(Module, forms.ModuleForm, gettext_lazy("New module"), gettext_lazy("Change module"), on_product),
    "tiers": Kind(Tier, forms.TierForm, gettext_lazy("New tier"), gettext_lazy("Change tier"), on_product),
    "service-packs": Kind(
        ServicePack,
        forms.ServicePackForm,
        gettext_lazy("New service pack"),
        gettext_lazy("Change service pack"),
        on_product,
    ),
    "pains": Kind(Pain, forms.PainForm, gettext_lazy("New pain"), gettext_lazy("Change pain"), shown("records:pains")),
    "value-metrics": Kind(
        ValueMetric,
        forms.ValueMetricForm,
        gettext_lazy("New value metric"),
        gettext_lazy("Change value metric"),
        shown("records:pains"),
    ),
    "evidence": Kind(
        Evidence,
        forms.EvidenceForm,
        gettext_lazy("New evidence"),
        gettext_lazy("Change evidence"),
        shown("records:evidence", "records:evidence_item"),
    ),
    "competitors": Kind(
        Competitor,
        forms.CompetitorForm,
        gettext_lazy("New competitor"),
        gettext_lazy("Change competitor"),
        shown("records:competitors", "records:competitor"),
    ),
}
PARTS = ("modules", "tiers", "service-packs")


def kind_named(name: str) -> Kind:
    """Return the kind of that name.

    Raises:
        Http404: there is none.
    """
    if name not in KINDS:
        raise Http404
    return KINDS[name]


@require_http_methods(["GET", "POST"])
def item_new(request: HttpRequest, name: str, product: int | None = None) -> HttpResponse:
    """Add an item; a part of a product belongs to `product`."""
    kind = kind_named(name)
    if (name in PARTS) != (product is not None):
        raise Http404
    require_write(request.user, area=kind.model.write_area)
    extra = {"product": load(Product, user=request.user, pk=product)} if product else {}
    home = extra["product"].get_absolute_url() if extra else kind.home(None)
    form = kind.form(request.POST or None, user=request.user, **extra)
    made: list[LibraryItem] = []

    def add() -> None:
        made.append(kind.model.objects.add(by=request.user, now=timezone.now(), **form.values))

    if request.method == "POST" and accepted(form, add):
        toast(request, _("Added."))
        return redirect(kind.home(made[0]))
    return form_page(request, form, title=str(kind.new), submit=_("Add"), cancel=home, back=(_("Library"), home))


@require_http_methods(["GET", "POST"])
def item_edit(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Change an item."""
    kind = kind_named(name)
    item: Any = load(kind.model, user=request.user, pk=pk, write=True)
    extra = {"product": item.product} if name in PARTS else {}
    form = kind.form(request.POST or None, user=request.user, instance=item, **extra)
    if request.method == "POST" and accepted(
        form, lambda: item.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return redirect(kind.home(item))
    home = kind.home(item)
    return form_page(request, form, title=str(kind.change), cancel=home, back=(str(item), home))


@require_POST
def item_removal(request: HttpRequest, name: str, pk: int) -> HttpResponse:
    """Take an item out of the library."""
    kind = kind_named(name)
    item: Any = load(kind.model, user=request.user, pk=pk, write=True)
    home = kind.home(item)
    try:
        item.remove()
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
        return redirect(home)
    toast(request, _("Removed: %(item)s") % {"item": item})
    return redirect(home if name in PARTS else kind.home(None))
