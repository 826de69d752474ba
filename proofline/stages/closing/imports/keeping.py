"""Rows kept as deals, with the wins and losses that they tell of."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from proofline.kit.clock import local_day, start_of_day
from proofline.kit.imports.keeping import put
from proofline.kit.imports.known import Known
from proofline.kit.money import Money
from proofline.kit.text import fold
from proofline.records.imports.accounts import introduce_accounts
from proofline.records.imports.keeping import changed_fields
from proofline.records.models import Account
from proofline.stages.closing.facts import deal_properties, outcome_properties
from proofline.stages.closing.imports.stages import LOST, OTHER_STAGE_NAMES, OUTCOMES, STAGE_ALIASES, WON
from proofline.stages.closing.imports.taking_back import DealTakingBack
from proofline.stages.closing.models import Deal, DealStage, Loss, LossReason, StageMove, Win

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from proofline.kit.imports.keeping import Entry


class DealKeeper(DealTakingBack):
    """Keeps rows as deals: found again by the source's id, else by name within the account.

    A deal that the file calls won or lost gets its win or loss, on its own day, with the fact; history reacts to nothing. What is
    won or lost here already is not undone by a file.
    """

    model = Deal
    keys = ("external_id", "name+account")
    lists = ("account", "product", "user")
    introduces = "account"

    def introduce(self, named: list[tuple[str, int]], *, dry_run: bool) -> list[Entry]:
        """Add accounts."""
        return introduce_accounts(self, named, dry_run=dry_run)

    def __init__(self, by: Any, now: datetime) -> None:
        super().__init__(by, now)
        self.stages = {stage.pk: stage for stage in DealStage.objects.ladder()}

    @cached_property
    def known(self) -> dict[str, Known]:
        """Also the names of stages and outcomes."""
        return {**super().known, "stage": self._stage_names()}

    def _stage_names(self) -> Known:
        codes = [(alias, pk) for pk, aliases in OTHER_STAGE_NAMES.items() for alias in aliases]
        for stage in self.stages.values():
            codes += [(alias, stage.pk) for alias in (stage.name_zh, *STAGE_ALIASES.get(stage.name, ())) if alias]
        return Known([*((stage.name, stage.pk) for stage in self.stages.values()), *OUTCOMES], codes=codes)

    @cached_property
    def sectors(self) -> dict[int, tuple[str, str, int | None]]:
        """Name, sector and owner of the accounts, by id."""
        found = self.seen_by_importer(Account).values_list("pk", "name", "sector", "owner_id")
        return {pk: (name, sector, owner) for pk, name, sector, owner in found}

    def records(self, *, without: Iterable[str] = ()) -> Any:
        """Return deals with what became of them."""
        return super().records(without=without).select_related("won", "lost", "stage", "owner__team", "product")

    def find(self, name: str, values: set[Any], *, without: tuple[str, ...]) -> Iterable[Deal]:
        """Find a name within its account, among deals without an id of a source."""
        return super().find(name, values, without=without if name == "external_id" else ("external_id",))

    # Planning

    def make(self, entry: Entry) -> Deal:
        """Return a new deal, opened on the row's day."""
        deal = Deal(currency=self.workspace.currency, opened_at=self.now, stage_since=self.now)
        self.apply(deal, entry)
        name, sector, owner = self.sectors.get(deal.account_id or 0, ("", "", None))
        product = self.products.get(deal.product_id or 0)
        deal.name = (
            deal.name or " · ".join(part for part in (name, str(product or "")) if part) or str(deal.external_id)
        )
        deal.sector = deal.sector or sector
        deal.owner_id = deal.owner_id or owner or self.default_owner
        if deal.stage_id is None:
            deal.stage = self._stage_before(entry.values.get("stage"))
        known_end = self.outcome_of(entry) and "close_on" in entry.values
        deal.stage_since = self._closed_at(entry) if known_end else deal.opened_at
        return deal

    def apply(self, record: Deal, entry: Entry) -> None:
        """Put the values on the deal; won and lost wait for the writing."""
        given = entry.values
        if opened := given.get("opened_on"):
            self._open_on(record, entry, opened)
        if "amount" in given and not given.get("currency"):
            given["currency"] = record.currency or self.workspace.currency
        own = {name: value for name, value in given.items() if name != "stage"}
        closing = given.get("stage") in {WON, LOST}
        if given.get("stage", WON) > 0:
            own["stage"] = given["stage"]
        if "close_on" in given and not closing:
            own["expected_close"] = given["close_on"]
        entry.values = own
        super().apply(record, entry)
        entry.values = given
        self._check_outcome(record, entry)

    def _open_on(self, deal: Deal, entry: Entry, day: date) -> None:
        if deal.pk and local_day(deal.opened_at, time_zone=self.workspace.time_zone) == day:
            return
        put(deal, entry, "opened_at", self._start(day))
        if day > local_day(self.now, time_zone=self.workspace.time_zone):
            entry.reject(_("is in the future; expected the day the deal was opened"), field_name="opened_on")

    def _check_outcome(self, deal: Deal, entry: Entry) -> None:
        """Refuse what can't be: a win without its day, before the deal began, or against what is known here."""
        stage, close = entry.values.get("stage"), entry.values.get("close_on")
        state = deal.state if deal.pk else "open"
        if state != "open":
            self._check_closed(deal, entry, state)
        elif stage in {WON, LOST}:
            entry.changed.append("outcome")
            if close is None:
                entry.reject(_("is blank; a deal that was won or lost needs the day"), field_name="close_on")
            elif close > local_day(self.now, time_zone=self.workspace.time_zone):
                entry.reject(_("is in the future; expected the day the deal was won or lost"), field_name="close_on")
            elif deal.opened_at < self.now and self._start(close) < deal.opened_at and "opened_on" in entry.values:
                entry.reject(_("is before the day the deal was opened"), field_name="close_on")

    def _check_closed(self, deal: Deal, entry: Entry, state: str) -> None:
        stage, close = entry.values.get("stage"), entry.values.get("close_on")
        outcome: Win | Loss = deal.won if state == "won" else deal.lost
        same = stage in {None, WON if state == "won" else LOST}
        day = local_day(outcome.at, time_zone=self.workspace.time_zone)
        amount = outcome.amount if isinstance(outcome, Win) else deal.amount
        if same and (close is None or close == day) and entry.values.get("amount", amount) == amount:
            return
        text = _("was won here on %(day)s for %(amount)s; reopen the deal to change that")
        if state == "lost":
            text = _("was lost here on %(day)s; reopen the deal to change that")
        name = "stage" if not same else "amount" if close in {None, day} else "close_on"
        entry.reject(text % {"day": day.isoformat(), "amount": amount}, field_name=name)

    def _stage_before(self, outcome: int | None) -> DealStage:
        """Return the stage in which a deal stood before: the last for a win, the second for a loss, else the first."""
        ladder = list(self.stages.values())
        return ladder[-1] if outcome == WON else ladder[min(1, len(ladder) - 1)] if outcome == LOST else ladder[0]

    def _start(self, day: date) -> datetime:
        return start_of_day(day, time_zone=self.workspace.time_zone)

    def _closed_at(self, entry: Entry) -> datetime:
        return self._start(entry.values["close_on"])

    # Writing

    def after_create(self, entries: list[Entry]) -> None:
        """Record `deal.created` on the day it was opened, then wins and losses."""
        self._attach(entries)
        self.tell("deal.created", entries, self._created)
        self._close(entries)

    def after_update(self, entries: list[Entry]) -> None:
        """Record what changed: stages, wins and losses, other fields."""
        super().after_update(entries)
        self._attach(entries)
        self._move([entry for entry in entries if "stage_id" in entry.changed])
        other = [entry for entry in entries if set(entry.changed) - {"stage_id", "outcome"}]
        self.tell("deal.changed", other, self._told)
        self._close([entry for entry in entries if "outcome" in entry.changed])

    def _attach(self, entries: list[Entry]) -> None:
        """Give the deals what was read before, so that facts need no query for each."""
        for entry in entries:
            deal: Deal = entry.record
            deal.owner = self.users.get(deal.owner_id or 0)
            deal.product = self.products.get(deal.product_id or 0)
            deal.stage = self.stages[deal.stage_id]

    def _move(self, entries: list[Entry]) -> None:
        StageMove.objects.bulk_create(
            StageMove(
                deal=entry.record,
                from_stage=self.stages[entry.before["stage_id"]],
                to_stage=self.stages[entry.record.stage_id],
                at=self.now,
                by=self.by,
            )
            for entry in entries
        )
        Deal.objects.filter(pk__in=[entry.record.pk for entry in entries]).update(stage_since=self.now)
        self.tell("deal.moved", entries, self._moved)

    def _close(self, entries: list[Entry]) -> None:
        won = [entry for entry in entries if self.outcome_of(entry) == WON]
        lost = [entry for entry in entries if self.outcome_of(entry) == LOST]
        Win.objects.bulk_create(map(self._win, won))
        Loss.objects.bulk_create(map(self._loss, lost))
        self.tell("deal.won", won, self._closed)
        self.tell("deal.lost", lost, self._closed)

    def _win(self, entry: Entry) -> Win:
        deal: Deal = entry.record
        reason = entry.values.get("reason", "")[:250]
        return Win(
            deal=deal,
            at=self._closed_at(entry),
            by=deal.owner,
            amount=deal.amount,
            currency=deal.currency,
            reason=reason,
        )

    def _loss(self, entry: Entry) -> Loss:
        deal: Deal = entry.record
        note = entry.values.get("reason", "")
        known = {fold(str(word)): value for value, label in LossReason.choices for word in (value, label)}
        reason = known.get(fold(note), LossReason.UNKNOWN)
        return Loss(deal=deal, at=self._closed_at(entry), by=deal.owner, reason=reason, note=note[:250])

    def _told(self, entry: Entry) -> dict[str, Any]:
        deal: Deal = entry.record
        return {
            "account": deal.account_id,
            "subject": ("deal", deal.pk),
            "properties": deal_properties(deal) | {"fields": changed_fields(entry)},
        }

    def _created(self, entry: Entry) -> dict[str, Any]:
        deal: Deal = entry.record
        told = self._told(entry) | {"at": deal.opened_at, "by": deal.owner_id, "key": f"deal.created:{deal.pk}"}
        return told | {"properties": deal_properties(deal)}

    def _moved(self, entry: Entry) -> dict[str, Any]:
        stages = {"from_stage": self.stages[entry.before["stage_id"]].name, "to_stage": entry.record.stage.name}
        return self._told(entry) | {"properties": deal_properties(entry.record) | stages}

    def _closed(self, entry: Entry) -> dict[str, Any]:
        deal: Deal = entry.record
        at = self._closed_at(entry)
        value = None if deal.amount is None else Money(deal.amount, deal.currency)
        told = self._told(entry) | {"at": at, "by": deal.owner_id, "key": f"imported:{deal.pk}:{at.isoformat()}"}
        return told | {
            "properties": deal_properties(deal) | outcome_properties(deal, at=at, value=value, workspace=self.workspace)
        }
