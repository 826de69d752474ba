"""Beginning discovery from a deal, and the value case that it led to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from proofline.stages.closing.models.closed import Closable
from proofline.stages.discovery.models import Study, ValueCase

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.closing.models.deals import Deal


class Studied(Closable):
    """A deal that stands on a study of the customer's needs."""

    class Meta:
        abstract = True

    def begin_study(self, *, by: User | None, now: datetime) -> Study:
        """Begin discovery for this deal, or return the study that was begun before.

        Raises:
            ValidationError: the deal has no account.
        """
        deal: Deal = self  # type: ignore[assignment]
        with transaction.atomic():
            held = deal.hold()
            if held.study:
                deal.study = held.study
                return held.study
            if deal.account is None:
                raise ValidationError(_("Choose the deal's account first: discovery is about a customer."))
            study = Study.objects.open_study(
                by=by, now=now, account=deal.account, contact=deal.contact, lead=deal.lead, owner=deal.owner or by
            )
            deal.study = study
            deal.save(update_fields=["study"])
        return study

    @property
    def agreed_value_case(self) -> ValueCase | None:
        """The value case that was frozen last: what the customer was promised."""
        deal: Deal = self  # type: ignore[assignment]
        if deal.study_id is None:
            return None
        frozen: ValueCase | None = (
            ValueCase.objects.filter(study_id=deal.study_id, freezing__isnull=False)
            .order_by("-freezing__at", "-pk")
            .first()
        )
        return frozen
