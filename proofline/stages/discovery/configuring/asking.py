"""What a study's configuration is asked for: by the address of its page, by a program, else by what was kept last and what the customer needs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from proofline.kit.clock import local_day
from proofline.kit.money import currency_choices
from proofline.records.models import Workspace
from proofline.stages.discovery.configuring.offering import Ask

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from proofline.stages.discovery.configuring.catalogue import Catalogue
    from proofline.stages.discovery.models import Study

MOST_SEATS, MOST_MONTHS = 1_000_000, 120
ASKED = "asked"
"""The parameter that says that an address states everything, an empty list of pains too."""


class AskForm(forms.Form):
    """For how many, how long, in which currency, and of which product."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=MOST_SEATS)
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=MOST_MONTHS)
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    product = forms.TypedChoiceField(label=_("Product"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        products = {item.product: item.product_name for item in catalogue.items.values()}
        choice: Any = self.fields["product"]
        choice.choices = [("", _("All products")), *products.items()]


def first_ask(study: Study, catalogue: Catalogue, *, now: datetime) -> Ask:
    """Return what to ask before anybody said otherwise: as it was kept last, with the pains of the needs as they are now."""
    workspace = Workspace.current()
    account, last, case = study.account, study.last_configuration, study.promising_case
    pains = study.needs.exclude(pain=None).order_by("pk").values_list("pain_id", flat=True)
    currencies = {item.currency for item in catalogue.items.values() if item.price is not None}
    ask = Ask(
        pains=tuple(dict.fromkeys(pains)),
        currency=currencies.pop() if len(currencies) == 1 else workspace.currency,
        on=local_day(now, time_zone=workspace.time_zone),
        seats=max((int(line.people) for line in case.lines.all()), default=1) if case else 1,
        sector=account.sector,
        employees=account.employees,
    )
    if last is None:
        return ask
    kept: dict[str, Any] = {name: tuple(last.asked.get(name, ())) for name in ("put_in", "left_out")}
    product = last.asked.get("product")
    kept["product"] = product if any(item.product == product for item in catalogue.items.values()) else None
    return replace(ask, seats=last.seats, months=last.months, currency=last.currency, **kept)


def asked_by(given: QueryDict, first: Ask, catalogue: Catalogue) -> tuple[Ask, AskForm]:
    """Return what an address asks for, with its form; what can't be read stays as it was first, and the form says so."""
    initial = {name: getattr(first, name) for name in ("seats", "months", "currency", "product")}
    form = AskForm(given or None, initial=initial, catalogue=catalogue)
    if ASKED not in given:
        return first, AskForm(initial=form.initial, catalogue=catalogue)
    values: dict[str, Any] = form.cleaned_data if form.is_valid() else {
        name: form.cleaned_data[name] for name in ("seats", "months", "currency", "product") if name in form.cleaned_data
    }  # fmt: skip
    pains = tuple(int(one) for one in given.getlist("pain") if one.isascii() and one.isdigit() and len(one) < 19)  # noqa: PLR2004 - what a 64-bit id can have
    return replace(
        first, pains=pains, put_in=tuple(given.getlist("in")), left_out=tuple(given.getlist("out")), **values
    ), form


@dataclass(frozen=True)
class Address:
    """The address of a page that asks for this, and of those a click away."""

    path: str
    ask: Ask

    def __str__(self) -> str:
        ask = self.ask
        pairs: list[tuple[str, Any]] = [(ASKED, 1), ("seats", ask.seats), ("months", ask.months)]
        pairs += [("currency", ask.currency), *(("pain", pain) for pain in ask.pains)]
        pairs += [("product", ask.product)] if ask.product else []
        pairs += [*(("in", key) for key in ask.put_in), *(("out", key) for key in ask.left_out)]
        return f"{self.path}?{urlencode(pairs)}"

    def put_in(self, key: str) -> Address:
        """Return where a part is in."""
        return self._part(key, put_in=True)

    def leave_out(self, key: str) -> Address:
        """Return where a part is out."""
        return self._part(key, left_out=True)

    def forget(self, key: str) -> Address:
        """Return where nobody decided about a part."""
        return self._part(key)

    def pain(self, pk: int) -> Address:
        """Return where a pain is covered if it was not, or the other way round."""
        ask = self.ask
        pains = tuple(one for one in ask.pains if one != pk) if pk in ask.pains else (*ask.pains, pk)
        return Address(self.path, replace(ask, pains=pains))

    def _part(self, key: str, *, put_in: bool = False, left_out: bool = False) -> Address:
        others_in = tuple(one for one in self.ask.put_in if one != key)
        others_out = tuple(one for one in self.ask.left_out if one != key)
        here = (key,)
        return Address(
            self.path,
            replace(
                self.ask,
                put_in=others_in + here * put_in,
                left_out=others_out + here * left_out,
            ),
        )
