"""What an account was promised, and what came of it: metric by metric, from the value case to the last measurement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery

from proofline.records.access import Seen
from proofline.stages.closing.models import Contract, Promise, Quote
from proofline.stages.delivery.models import Measurement, Project, Ticket
from proofline.stages.discovery.models import ValueCase

if TYPE_CHECKING:
    from decimal import Decimal

    from proofline.kit.money import Money
    from proofline.records.access import VisibleQuerySet
    from proofline.records.models import Account, User
    from proofline.stages.discovery.models import ValueLine

MOST, TICKETS = 10, 8


def projects_of(account: Account, *, user: User) -> list[Project]:
    """Return the account's newest projects that the user may see."""
    return _projects(account.pk, user=user)


_projects = Seen[Project](
    Project,
    lambda rows, account: (
        rows.filter(account=account).prefetch_related("gates__acceptance").order_by("-started_at", "-pk")[:MOST]
    ),
)


def tickets_of(account: Account, *, user: User) -> list[Ticket]:
    """Return the account's newest tickets that the user may see."""
    return _tickets(account.pk, user=user)


_tickets = Seen[Ticket](
    Ticket,
    lambda rows, account: (
        rows.filter(account=account).select_related("solution").order_by("-opened_at", "-pk")[:TICKETS]
    ),
)


@dataclass(frozen=True)
class ValueRow:
    """One metric; what is not known yet is None."""

    name: str
    unit: str
    promised: Decimal | None
    signed: Decimal | None = None
    measurement: Measurement | None = None

    @property
    def measured(self) -> Decimal | None:
        """What was measured last."""
        return self.measurement.measured if self.measurement else None

    @property
    def state(self) -> str:
        """`kept`, `missed`, `signed` (not measured yet) or `promised` (not signed yet)."""
        if self.measurement:
            return "kept" if self.measurement.kept else "missed"
        return "promised" if self.signed is None else "signed"


@dataclass(frozen=True)
class Value:
    """What one value case or contract promises: what it is worth, priced and signed at a month, and its metrics."""

    title: str
    url: str
    worth: Money | None
    priced: Money | None
    signed: Money | None
    rows: list[ValueRow] = field(default_factory=list)


def value_of(account: Account, *, user: User) -> list[Value]:
    """Return what signed contracts promise, the newest first, then what was promised and is not signed; MOST of each at most."""
    contracts = _promising(account.pk, user=user)
    if not contracts:
        return _promised(account, user=user, without=set())
    promises = list(
        Promise.objects.filter(contract__in=[contract.pk for contract in contracts])
        .select_related("value_line__value_case")
        .order_by("contract", "position")
    )
    signed = {promise.value_line.value_case.study_id for promise in promises if promise.value_line}
    return [*_signed(contracts, promises), *_promised(account, user=user, without=signed)]


_promising = Seen[Contract](
    Contract,
    lambda rows, account: (
        rows.filter(account=account, acceptance__isnull=False, withdrawal=None)
        .filter(Exists(Promise.objects.filter(contract=OuterRef("pk"))))
        .select_related("product", "deal", "option__quote")
        .order_by("-pk")[:MOST]
    ),
)


def _signed(contracts: list[Contract], promises: list[Promise]) -> list[Value]:
    newest = Measurement.objects.filter(promise=OuterRef("promise")).order_by("-report__to_at", "-pk").values("pk")[:1]
    rows = Measurement.objects.filter(promise__in=[promise.pk for promise in promises])
    measured = {row.promise_id: row for row in rows.filter(pk=Subquery(newest)).select_related("report")}
    return [
        Value(
            title=contract.plan,
            url=contract.get_absolute_url(),
            worth=_worth([promise.value_line for promise in promises if promise.contract_id == contract.pk]),
            priced=contract.option.monthly_price if contract.option else None,
            signed=contract.monthly_price,
            rows=[
                ValueRow(
                    promise.name,
                    promise.unit,
                    promise.value_line.promised if promise.value_line else None,
                    promise.promised,
                    measured.get(promise.pk),
                )
                for promise in promises
                if promise.contract_id == contract.pk
            ],
        )
        for contract in contracts
    ]


def _worth(lines: list[ValueLine | None]) -> Money | None:
    values = [line.monthly_value for line in lines if line]
    known = [value for value in values if value]
    return sum(known[1:], known[0]) if known and len({value.currency for value in known}) == 1 else None


def _promised(account: Account, *, user: User, without: set[int]) -> list[Value]:
    """Return the case frozen last of each study of which nothing is signed."""
    cases = _frozen_last(account.pk, sorted(without) or [0], user=user)
    if not cases:
        return []
    quotes = (
        Quote.objects.visible_to(user)
        .filter(deal__study__in=[case.study_id for case in cases], sending__isnull=False)
        .annotate(study=F("deal__study"))
        .select_related("choice__option")
        .prefetch_related("options")
        .order_by("version")
    )
    prices = {quote.study: _price(quote) for quote in quotes}
    return [
        Value(
            title=case.study.title,
            url=case.get_absolute_url(),
            worth=case.monthly_value or None,
            priced=prices.get(case.study_id),
            signed=None,
            rows=[ValueRow(line.name, line.unit, line.promised) for line in case.ordered_lines],
        )
        for case in cases
    ]


def _frozen(rows: VisibleQuerySet, account: int, without: list[int]) -> VisibleQuerySet:
    frozen = ValueCase.objects.filter(study=OuterRef("study"), freezing__isnull=False).order_by("-freezing__at", "-pk")
    found = rows.filter(study__account=account, pk=Subquery(frozen.values("pk")[:1])).exclude(study__in=without)
    return found.select_related("study").prefetch_related("lines").order_by("-pk")[:MOST]


_frozen_last = Seen[ValueCase](ValueCase, _frozen)


def _price(quote: Quote) -> Money | None:
    if quote.is_chosen:
        return quote.choice.option.monthly_price
    options = sorted(quote.options.all(), key=lambda option: (not option.recommended, option.position))
    return options[0].monthly_price if options else None
