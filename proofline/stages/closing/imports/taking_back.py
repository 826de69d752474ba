"""Deals of an import taken back: wins and losses undone, moves moved back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proofline.records.imports.keeping import RecordKeeper
from proofline.stages.closing.imports.stages import LOST, WON
from proofline.stages.closing.models import Deal, StageMove

if TYPE_CHECKING:
    from proofline.kit.imports.keeping import Entry


class DealTakingBack(RecordKeeper[Deal]):
    """What a keeper of deals needs to take them back."""

    noun = "deal"
    own_parts = frozenset({"closing.Win", "closing.Loss", "closing.StageMove", "closing.Reopening"})

    def outcome_of(self, entry: Entry) -> int | None:
        """Return whether a row says that the deal was won or lost."""
        stage = entry.values.get("stage")
        return stage if stage in {WON, LOST} else None

    def state_of(self, entry: Entry) -> str:
        """Return that a row closed the deal, and how."""
        outcome = self.outcome_of(entry) if "outcome" in entry.changed else None
        return {WON: "won", LOST: "lost"}.get(outcome or 0, "")

    def states(self, ids: list[int]) -> dict[int, str]:
        """Return which deals are closed, and how."""
        deals = Deal.objects.select_related("won", "lost").filter(pk__in=ids)
        return {deal.pk: deal.state for deal in deals if deal.state != "open"}

    def undo_state(self, record: Deal) -> bool:
        """Open a deal again that a row had closed."""
        record.reopen(by=self.by, now=self.now)
        return True

    def about(self, record: Deal) -> dict[str, Any]:
        """Return whom a fact is about, with its slices."""
        return {
            "account": record.account_id,
            "contact": record.contact_id,
            "subject": ("deal", record.pk),
            "properties": record.fact_properties(),
        }

    def after_restore(self, restored: list[tuple[Deal, dict[str, list[Any]]]]) -> None:
        """Record what became what it was, and the moves back."""
        super().after_restore(restored)
        moved = [(deal, changes["stage_id"]) for deal, changes in restored if "stage_id" in changes]
        StageMove.objects.bulk_create(
            StageMove(deal=deal, from_stage_id=after, to_stage_id=before, at=self.now, by=self.by)
            for deal, (before, after) in moved
        )
        Deal.objects.filter(pk__in=[deal.pk for deal, _stages in moved]).update(stage_since=self.now)
