"""The comparison of a study: by each need, what we, what is in use and what else is considered can do, with source and date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.kit.adding import adding
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Answer, check_figure
from proofline.records.models.changing import Changeable
from proofline.stages.discovery.models.alternatives import Alternative
from proofline.stages.discovery.models.needs import Need

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User


class CellQuerySet(VisibleQuerySet):
    """Cells."""

    def put(
        self, *, by: User | None, now: datetime, need: Need, alternative: Alternative | None, answer: str, **fields: Any
    ) -> Cell | None:
        """Fill in a cell; `alternative` is None for our own column, and without an answer the cell is emptied.

        Raises:
            ValidationError: a value is not valid, or the alternative is another customer's.
        """
        with transaction.atomic():
            cell: Cell | None = self.select_for_update().filter(need=need, alternative=alternative).first()
            if not answer:
                if cell is not None:
                    cell.delete()
                    need.study.tell("comparison.changed", by=by, at=now)
                return None
            if cell is None:
                cell = Cell(need=need, alternative=alternative, answer=answer, **fields)
                with adding(cell):
                    cell.save()
                    need.study.tell("comparison.changed", by=by, at=now)
            else:
                cell.change(by=by, now=now, answer=answer, **fields)
        return cell


class Cell(Visible, Changeable):
    """What one column of a comparison can do for one need."""

    write_area = "discovery"
    owner_paths = ("need__study__owner", "need__study__account__owner")

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="cells")
    alternative = models.ForeignKey(Alternative, on_delete=models.CASCADE, null=True, blank=True, related_name="cells")
    """None in our own column."""
    answer = models.CharField(pgettext_lazy("can they do it", "answer"), max_length=10, choices=Answer.choices)
    figure = models.CharField(pgettext_lazy("can they do it", "number"), max_length=40, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    """In words, or an address."""
    sourced_on = models.DateField(_("date of the source"), null=True, blank=True)

    objects = CellQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "alternative"], name="cell_once"),
            models.UniqueConstraint(
                fields=["need"], condition=models.Q(alternative=None), name="cell_of_ours_once_a_need"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="number") & ~models.Q(figure="")
                | ~models.Q(answer="number") & models.Q(figure=""),
                name="cell_figure_with_number",
            ),
        ]

    def __str__(self) -> str:
        return self.figure or str(self.get_answer_display())

    def clean(self) -> None:
        """Refuse a number that is not said, and a column of another customer."""
        check_figure(answer=self.answer, figure=self.figure)
        if self.alternative and self.alternative.study_id != self.need.study_id:
            raise ValidationError(_("That column belongs to another customer."))

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `comparison.changed`."""
        del fields
        self.need.study.tell("comparison.changed", by=by, at=now)

    @property
    def source_url(self) -> str:
        """The source, where it is an address."""
        return self.source if self.source.startswith(("https://", "http://")) else ""
