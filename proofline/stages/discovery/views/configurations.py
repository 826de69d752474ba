"""The configuration of a study: from needs to parts, tried out, kept in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proofline.kit.components import toast
from proofline.records.access import load
from proofline.stages.discovery.configuring.asking import Address, asked_by, first_ask
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.configuration import Conflict
from proofline.stages.discovery.configuring.keeping import keep, step_text
from proofline.stages.discovery.configuring.offering import found_for
from proofline.stages.discovery.configuring.saying import said
from proofline.stages.discovery.models import Configuration, Study

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.configuring.offering import Ask, Offer

UNPROCESSABLE = 422


@require_GET
def configuration(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what covers the needs, why, what else could be in or can't, and the price with its explanation."""
    study = load(Study.objects.select_related("account", "owner"), user=request.user, pk=pk)
    catalogue = Catalogue.load()
    ask, form = asked_by(request.GET, first_ask(study, catalogue, now=timezone.now()), catalogue)
    found, trouble = found_for(catalogue, ask)
    address = Address(reverse("discovery:configuration", args=[pk]), ask)
    context = {
        "study": study,
        "form": form,
        "ask": ask,
        "address": address,
        "needs": _needs(study, ask, address),
        "products": _products(catalogue, ask, found, address) if not isinstance(found, Conflict) else [],
        "offer": None if isinstance(found, Conflict) else found,
        "parts": _parts(catalogue, ask, found, address) if found and not isinstance(found, Conflict) else [],
        "steps": [(step_text(step, catalogue), step) for step in found.price.steps]
        if found and not isinstance(found, Conflict)
        else [],
        "conflict": said(found.parts, catalogue) if isinstance(found, Conflict) else [],
        "decided": _decided(catalogue, ask, address),
        "trouble": trouble,
        "is_empty": not catalogue.items,
        "versions": study.configurations.order_by("-version"),
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/configuration.html", context, status=UNPROCESSABLE if form.errors else 200)


def _needs(study: Study, ask: Ask, address: Address) -> list[dict[str, Any]]:
    needs = study.needs.select_related("pain").order_by("pk")
    return [
        {
            "need": need,
            "covered": need.pain_id in ask.pains,
            "toggle": address.pain(need.pain_id) if need.pain_id else "",
        }
        for need in needs
    ]


def _parts(catalogue: Catalogue, ask: Ask, found: Offer, address: Address) -> list[dict[str, Any]]:
    rows = []
    for key in found.bought:
        line = catalogue.line(key, seats=ask.seats)
        item = catalogue.items[line.key]
        rows.append(
            {
                "name": catalogue.names[item.key],
                "kind": item.key[0],
                "unlocks": [catalogue.names[one] for one in catalogue.items if one in item.unlocks],
                "quantity": line.quantity,
                "price": found.price.lines[line.key],
                "why": said(found.why[key], catalogue),
                "out": address.leave_out(item.key),
            }
        )
    return rows


def _products(catalogue: Catalogue, ask: Ask, found: Offer | None, address: Address) -> list[tuple[str, list[Any]]]:
    """What is not in, by product: can be put in, or is blocked because of what."""
    products: dict[str, list[Any]] = {}
    inside = found.inside if found else frozenset()
    blocked = found.blocked if found else {}
    for key, item in catalogue.items.items():
        asked_for = ask.product in {None, item.product}
        if asked_for and key not in inside and key not in ask.left_out:
            row = {
                "name": catalogue.names[key],
                "kind": key[0],
                "item": item,
                "in": address.put_in(key),
                "blocked": said(blocked[key], catalogue) if key in blocked else [],
                "is_blocked": key in blocked,
            }
            products.setdefault(item.product_name, []).append(row)
    return list(products.items())


def _decided(catalogue: Catalogue, ask: Ask, address: Address) -> list[tuple[str, bool, Address]]:
    """What somebody put in or left out, to take back."""
    return [
        (catalogue.names[key], is_in, address.forget(key))
        for keys, is_in in ((ask.put_in, True), (ask.left_out, False))
        for key in keys
        if key in catalogue.items
    ]


@require_POST
def keeping(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the address of the page asks for as the study's next version."""
    study = load(Study.objects.select_related("account"), user=request.user, write=True, pk=pk)
    now = timezone.now()
    catalogue = Catalogue.load()
    ask, form = asked_by(request.POST, first_ask(study, catalogue, now=now), catalogue)
    found, trouble = found_for(catalogue, ask)
    if form.errors or found is None or isinstance(found, Conflict) or not found.bought:
        why = trouble or _("Nothing was kept: there is no configuration that holds to all of it.")
        toast(request, why, level=messages.ERROR)
        return redirect(str(Address(reverse("discovery:configuration", args=[pk]), ask)))
    made = keep(study, found, ask, catalogue, by=request.user, now=now)
    toast(request, _("Version %(version)s was kept.") % {"version": made.version})
    return redirect("discovery:configuration_kept", pk=made.pk)


@require_GET
def kept(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a configuration as it was kept."""
    found = load(
        Configuration.objects.select_related("study__account", "created_by").prefetch_related("parts"),
        user=request.user,
        pk=pk,
    )
    context = {
        "configuration": found,
        "study": found.study,
        "versions": found.study.configurations.order_by("-version"),
        "may_write": request.user.may_write("discovery"),
    }
    return render(request, "discovery/configuration_kept.html", context)
