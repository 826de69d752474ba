"""The library: the catalogue with its prices, what eases and shows each pain, evidence and competitors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proofline.kit.components import Empty
from proofline.records.access import load
from proofline.records.catalogue_pages import tabs
from proofline.records.lists import RecordList
from proofline.records.lists.library import COMPETITORS, EVIDENCE
from proofline.records.models import Competitor, Evidence, Pain, Product, Tier, ValueMetric, card_of
from proofline.records.models.battlecards import stale_before

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the products with their tiers and prices."""
    products = Product.objects.visible_to(request.user).prefetch_related("modules", "tiers", "service_packs")
    context = {
        "products": products.order_by("series", "name"),
        "tabs": tabs("products"),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "records/catalogue.html", context)


@require_GET
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one product: its tiers side by side, modules and service packs."""
    found = load(Product, user=request.user, pk=pk)
    modules = list(found.modules.prefetch_related("pains").order_by("name"))
    tiers: list[Tier] = list(found.tiers.prefetch_related("modules").order_by("rank"))
    unlocked = {tier.pk: {module.pk for module in tier.modules.all()} for tier in tiers}
    context = {
        "product": found,
        "tiers": tiers,
        "ladder": [(module, [module.pk in unlocked[tier.pk] for tier in tiers]) for module in modules],
        "service_packs": found.service_packs.order_by("name"),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "records/product.html", context)


@require_GET
def pains(request: HttpRequest) -> HttpResponse:
    """Show which modules ease each pain, and which metrics show it."""
    found = Pain.objects.visible_to(request.user).prefetch_related("modules__product", "metrics", "evidence")
    context = {
        "pains": found.order_by("name"),
        "metrics": ValueMetric.objects.visible_to(request.user).order_by("name"),
        "tabs": tabs("pains"),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "records/pains.html", context)


@require_GET
def evidence(request: HttpRequest) -> HttpResponse:
    """List the evidence."""
    return RecordList.of(
        request,
        kind=EVIDENCE,
        empty=Empty(
            _("No evidence yet"),
            _("Evidence shows that promises are kept, such as a story: “Heron saves 9 hours a week”."),
            reverse("records:item_new", args=["evidence"]),
            _("New evidence"),
            icon="certificate",
        ),
    ).render("records/evidence.html", {"may_write": request.user.may_write("library")})


@require_GET
def evidence_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one piece of evidence."""
    found = load(Evidence.objects.select_related("account"), user=request.user, pk=pk)
    context = {
        "evidence": found,
        "pains": found.pains.order_by("name"),
        "modules": found.modules.order_by("name"),
        "expired": found.has_expired(today=timezone.localdate()),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "records/evidence_item.html", context)


@require_GET
def competitors(request: HttpRequest) -> HttpResponse:
    """List the competitors."""
    return RecordList.of(
        request,
        kind=COMPETITORS,
        empty=Empty(
            _("No competitors yet"),
            _("What customers use instead of us; a spreadsheet counts."),
            reverse("records:item_new", args=["competitors"]),
            _("New competitor"),
            icon="swords",
        ),
    ).render("records/competitors.html", {"may_write": request.user.may_write("library")})


@require_GET
def competitor(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one competitor: the battle card, strengths, gaps, our difference."""
    today = timezone.localdate()
    found = load(Competitor.objects.select_related("owner").prefetch_related("claims"), user=request.user, pk=pk)
    context = {
        "competitor": found,
        "card": card_of(found),
        "stale": found.is_stale(today=today),
        "stale_before": stale_before(today),
        "may_write": request.user.may_write("library"),
    }
    return render(request, "records/competitor.html", context)
