"""Rules and price rules of the catalogue, and its check; what contradicts itself is told as soon as it is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.records.catalogue_pages import tabs
from proofline.records.views.answers import accepted, form_page
from proofline.stages.discovery.configuring.catalogue import Catalogue
from proofline.stages.discovery.configuring.checks import findings, of_rule
from proofline.stages.discovery.configuring.forms import PriceRuleForm, RuleForm
from proofline.stages.discovery.configuring.saying import discount_text, rule_text
from proofline.stages.discovery.forms import posted
from proofline.stages.discovery.models import CatalogueRule, PriceRule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from proofline.stages.discovery.configuring.checking import Finding

RULE_KINDS = (
    ("requires", "arrow-right", gettext_lazy("With one part come others")),
    ("only_with", "link", gettext_lazy("One part is sold only with one of others")),
    ("excludes", "ban", gettext_lazy("Parts that are not sold together")),
    ("at_least", "math-greater", gettext_lazy("So many of some parts are always sold")),
    ("at_most", "math-lower", gettext_lazy("No more than so many of some parts are sold")),
)
PRICE_KINDS = (
    ("currency", "coins", gettext_lazy("A list price said in another currency at a rate of ours")),
    ("tier", "stairs", gettext_lazy("One tier costs less or more")),
    ("volume", "users", gettext_lazy("From so many seats on a seat costs less")),
    ("bundle", "packages", gettext_lazy("Parts sold together cost less")),
    ("term", "calendar", gettext_lazy("From so many months on a month costs less")),
    ("segment", "building", gettext_lazy("Customers of an industry or a size")),
    ("date", "calendar-event", gettext_lazy("From one day to another")),
)


@require_GET
def catalogue_rules(request: HttpRequest) -> HttpResponse:
    """List the rules, each with what it contradicts."""
    catalogue = Catalogue.load()
    found = findings(catalogue)
    notes = dict(CatalogueRule.objects.values_list("pk", "note"))
    rows = [
        {
            "pk": (pk := int(rule.id.partition(":")[2])),
            "text": rule_text(rule.kind, [catalogue.names.get(key, key) for key in rule.modules], rule.number),
            "note": notes.get(pk, ""),
            "found": of_rule(found, rule.id),
        }
        for rule in catalogue.rules
    ]
    return _list(request, "rules", [(None, rows)] if rows else [], kinds="catalogue_rule", catalogue=catalogue)


@require_GET
def price_rules(request: HttpRequest) -> HttpResponse:
    """List the price rules in the order in which they are applied, each with what it contradicts."""
    catalogue = Catalogue.load()
    found = findings(catalogue)
    products = {item.product: item.product_name for item in catalogue.items.values()}
    names = dict(PriceRule.objects.values_list("pk", "name"))
    groups = []
    for kind, _icon, text in PRICE_KINDS:
        rules = sorted((rule for rule in catalogue.discounts if rule.kind == kind), key=lambda rule: rule.place)
        rows = [
            {
                "pk": rule.id,
                "text": discount_text(rule, catalogue),
                "note": " · ".join(
                    part for part in (names.get(rule.id, ""), products.get(rule.product or 0, "")) if part
                ),
                "found": of_rule(found, f"price:{rule.id}"),
            }
            for rule in rules
        ]
        if rows:
            groups.append(((PriceRule.Kind(kind).label, text), rows))
    return _list(request, "prices", groups, kinds="price_rule", catalogue=catalogue)


def _list(
    request: HttpRequest, active: str, groups: Sequence[Any], *, kinds: str, catalogue: Catalogue
) -> HttpResponse:
    saved = request.GET.get("saved", "")
    context = {
        "tabs": tabs(active),
        "active": active,
        "groups": groups,
        "edit": f"discovery:{kinds}",
        "removal": f"discovery:{kinds}_removal",
        "new": reverse(f"discovery:{kinds}_new"),
        "saved": next(
            (row for _head, rows in groups for row in rows if str(row["pk"]) == saved and row["found"]), None
        ),
        "is_empty": not catalogue.items,
        "may_write": request.user.may_write("library"),
    }
    return render(request, "discovery/rules.html", context)


@require_http_methods(["GET", "POST"])
def catalogue_rule_new(request: HttpRequest) -> HttpResponse:
    """Add a rule of the kind `?kind=`; without it, choose one."""
    require_write(request.user, area="library")
    kind = request.GET.get("kind", "")
    if kind not in CatalogueRule.Kind.values:
        return _kinds(request, RULE_KINDS, CatalogueRule.Kind, title=_("New rule"))
    form = RuleForm(posted(request), kind=kind, catalogue=Catalogue.load())
    made: list[int] = []

    def add() -> None:
        made.append(CatalogueRule.objects.add(by=request.user, now=timezone.now(), kind=kind, **form.values).pk)

    if request.method == "POST" and accepted(form, add):
        return _saved(request, "rule", made[0])
    return _form(request, form, title=_("New rule"), home="discovery:catalogue_rules")


@require_http_methods(["GET", "POST"])
def catalogue_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a rule; its kind stays."""
    rule = load(CatalogueRule, user=request.user, pk=pk, write=True)
    form = RuleForm(posted(request), kind=rule.kind, catalogue=Catalogue.load(), rule=rule)
    if request.method == "POST" and accepted(
        form, lambda: rule.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return _saved(request, "rule", pk)
    return _form(request, form, title=_("Change rule"), home="discovery:catalogue_rules")


@require_POST
def catalogue_rule_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule."""
    load(CatalogueRule, user=request.user, pk=pk, write=True).remove()
    toast(request, _("The rule was removed."))
    return redirect("discovery:catalogue_rules")


@require_http_methods(["GET", "POST"])
def price_rule_new(request: HttpRequest) -> HttpResponse:
    """Add a price rule of the kind `?kind=`; without it, choose one."""
    require_write(request.user, area="library")
    kind = request.GET.get("kind", "")
    if kind not in PriceRule.Kind.values:
        return _kinds(request, PRICE_KINDS, PriceRule.Kind, title=_("New price rule"))
    form = PriceRuleForm(posted(request), kind=kind, catalogue=Catalogue.load())
    made: list[int] = []

    def add() -> None:
        made.append(PriceRule.objects.add(by=request.user, now=timezone.now(), kind=kind, **form.values).pk)

    if request.method == "POST" and accepted(form, add):
        return _saved(request, "price", made[0])
    return _form(request, form, title=_("New price rule"), home="discovery:price_rules")


@require_http_methods(["GET", "POST"])
def price_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a price rule; its kind stays."""
    rule = load(PriceRule, user=request.user, pk=pk, write=True)
    shown = load(PriceRule, user=request.user, pk=pk)
    form = PriceRuleForm(posted(request), kind=rule.kind, catalogue=Catalogue.load(), instance=shown)
    if request.method == "POST" and accepted(
        form, lambda: rule.change(by=request.user, now=timezone.now(), **form.values)
    ):
        return _saved(request, "price", pk)
    return _form(request, form, title=_("Change price rule"), home="discovery:price_rules")


@require_POST
def price_rule_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a price rule."""
    load(PriceRule, user=request.user, pk=pk, write=True).remove()
    toast(request, _("The price rule was removed."))
    return redirect("discovery:price_rules")


@require_GET
def catalogue_check(request: HttpRequest) -> HttpResponse:
    """Show what contradicts itself in the catalogue; `?part=1` how much, for other pages."""
    found = findings(Catalogue.load())
    if request.GET.get("part"):
        return render(request, "discovery/panels/check.html", {"count": len(found), "loaded": True})
    context = {"tabs": tabs("check"), "findings": [(finding, list(_links(finding))) for finding in found]}
    return render(request, "discovery/catalogue_check.html", context | {"may_write": request.user.may_write("library")})


def _links(finding: Finding) -> Any:
    for name in sorted(finding.rules):
        kind, _colon, pk = name.partition(":")
        view = "discovery:catalogue_rule" if kind == "rule" else "discovery:price_rule"
        yield reverse(view, args=[pk])


def _saved(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    home = reverse("discovery:catalogue_rules" if kind == "rule" else "discovery:price_rules")
    found = of_rule(findings(Catalogue.load()), f"{kind}:{pk}")
    if found:
        toast(
            request,
            _("Saved, but it contradicts the catalogue: %(text)s") % {"text": found[0].text},
            level=messages.WARNING,
        )
    else:
        toast(request, _("Saved. It contradicts nothing."))
    return redirect(f"{home}?saved={pk}")


def _kinds(request: HttpRequest, kinds: Sequence[Any], labels: Any, *, title: str) -> HttpResponse:
    if request.method == "POST":
        raise Http404
    rows = [(kind, labels(kind).label, icon, text) for kind, icon, text in kinds]
    return render(request, "discovery/rule_kinds.html", {"kinds": rows, "title": title})


def _form(request: HttpRequest, form: Any, *, title: str, home: str) -> HttpResponse:
    address = reverse(home)
    return form_page(request, form, title=title, cancel=address, back=(_("Catalogue"), address))
