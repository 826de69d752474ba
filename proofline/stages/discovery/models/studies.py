"""Studies: one discovery of one customer's needs and of what easing them is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Account, Contact, User
from proofline.records.models.changing import Changeable
from proofline.stages.reach.models import Lead
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.models.configurations import Configuration
    from proofline.stages.discovery.models.value_cases import ValueCase


class StudyQuerySet(VisibleQuerySet):
    """Studies."""

    def open_study(self, *, by: User | None, now: datetime, account: Account, title: str = "", **fields: Any) -> Study:
        """Begin discovery for an account and record it; without `owner` it is the account's owner's, else the opener's.

        Raises:
            ValidationError: a field is not valid.
        """
        fields["owner"] = fields.get("owner") or account.owner or by
        study = Study(account=account, title=title or account.name, created_at=now, **fields)
        with adding(study):
            study.save()
            search.add(study)
            study.tell("study.opened", by=by, at=now, key=f"study.opened:{study.pk}")
        return study


class Study(Visible, Changeable):
    """One discovery for one customer: needs, value cases and proposals hang on it."""

    write_area = "discovery"
    owner_paths = ("owner", "account__owner")

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", verbose_name=_("account"))
    title = models.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("contact")
    )
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("begun on"))

    objects = StudyQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="study_account"),
            models.Index(fields=["owner", "-id"], name="study_owner"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the study's page."""
        return record_address("discovery:study", self.pk)

    def clean(self) -> None:
        """Refuse a contact of another account."""
        if self.contact and self.contact.account_id not in {None, self.account_id}:
            raise ValidationError({"contact": _("This contact belongs to another account.")})

    @property
    def promising_case(self) -> ValueCase | None:
        """The value case that was frozen last, else the newest draft: what the customer is promised."""
        cases: list[ValueCase] = list(self.value_cases.all())
        frozen = [case for case in cases if case.is_frozen]
        if frozen:
            return max(frozen, key=lambda case: (case.freezing.at, case.pk))
        return max(cases, key=lambda case: case.pk, default=None)

    @property
    def last_configuration(self) -> Configuration | None:
        """What was configured last; None before that."""
        kept: Configuration | None = self.configurations.order_by("-version").first()
        return kept

    def fact_properties(self) -> dict[str, Any]:
        """Return what every fact of this study carries: its slices, by the names that people see."""
        owner = self.owner
        return {
            "study": self.title,
            "study_id": self.pk,
            "source": self.lead.source if self.lead else "",
            "sector": self.account.sector,
            "owner": str(owner or ""),
            "owner_id": owner and owner.pk,
            "team": str((owner and owner.team) or ""),
            "team_id": owner and owner.team_id,
        }

    def tell(
        self,
        fact: str,
        *,
        by: User | None,
        at: datetime,
        subject: tuple[str, int] | None = None,
        contact: int | None = None,
        key: str | None = None,
        **properties: Any,
    ) -> None:
        """Record a fact of this study on the timeline, with its slices."""
        facts.record(
            fact,
            at=at,
            by=by.pk if by else None,
            account=self.account_id,
            contact=contact or self.contact_id,
            subject=subject or ("study", self.pk),
            properties=self.fact_properties() | properties,
            key=key,
        )

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `study.changed`."""
        self.tell("study.changed", by=by, at=now, fields=fields)
