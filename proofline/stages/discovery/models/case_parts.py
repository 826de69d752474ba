"""What a value case is made of: it changes while the case is a draft, and not after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from proofline.records.access import Visible
from proofline.records.models.changing import Changeable

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.models.value_cases import ValueCase


class CasePart(Visible, Changeable):
    """A line of value, or an assumption: seen by who sees its case. A subclass has `value_case`."""

    write_area = "discovery"
    owner_paths = ("value_case__study__owner", "value_case__study__account__owner")
    value_case: ValueCase

    class Meta:
        abstract = True

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields while the case is a draft.

        Raises:
            FrozenError: the case was promised to the customer.
            ValidationError: a value is not valid, or units do not go together.
        """
        with transaction.atomic():
            self.value_case.hold_open()
            return super().change(by=by, now=now, **values)

    def remove(self) -> None:
        """Take it out of its case.

        Raises:
            FrozenError: the case was promised to the customer.
        """
        with transaction.atomic():
            self.value_case.hold_open()
            self.delete()
