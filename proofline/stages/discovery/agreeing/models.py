"""Assumptions of a value case, what was said to them, and the link through which the customer says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.links import LinkTokenField
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, User
from proofline.stages.discovery.models.case_parts import CasePart
from proofline.stages.discovery.models.value_cases import ValueCase
from proofline.stages.discovery.models.value_lines import ValueLine

if TYPE_CHECKING:
    from datetime import datetime

OF_CASE = ("value_case__study__owner", "value_case__study__account__owner")
LONGEST_NOTE = 2000
LONGEST_BASIS = 300


class PremiseKind(models.TextChoices):
    """What an assumption is about: a number of a line, or something else that has to be true."""

    QUANTITY = "quantity", _("how much it is today")
    IMPROVEMENT = "improvement", _("how much of it goes away")
    RATE = "rate", _("what it is worth")
    OTHER = "other", _("what has to be true")


class Verdict(models.TextChoices):
    """What was said to an assumption."""

    AGREED = "agreed", _("agreed")
    QUESTIONED = "questioned", _("questioned")
    EXPLAINED = "explained", _("explained")


class AssumptionQuerySet(VisibleQuerySet):
    """Assumptions."""

    def add(self, case: ValueCase, *, by: User | None, now: datetime, **values: Any) -> Assumption:
        """Add something that has to be true for a case to hold.

        Raises:
            FrozenError: the case was promised to the customer.
            ValidationError: a value is not valid.
        """
        del by, now
        with transaction.atomic():
            case.hold_open()
            made = Assumption(value_case=case, **values)
            made.full_clean()
            made.save()
        return made


class Assumption(CasePart):
    """What has to be true for a value case to hold, beside the numbers of its lines."""

    value_case = models.ForeignKey(ValueCase, on_delete=models.CASCADE, related_name="assumptions")
    text = models.CharField(_("what has to be true"), max_length=LONGEST_BASIS)
    source_note = models.CharField(_("who said so"), max_length=250, blank=True)
    said_on = models.DateField(_("when"), null=True, blank=True)

    objects = AssumptionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    @property
    def said(self) -> str:
        """Who said so, and when; "" where nobody told."""
        return ", ".join(part for part in (self.source_note, formats.day(self.said_on) if self.said_on else "") if part)

    def copy_to(self, case: ValueCase) -> Assumption:
        """Copy it into another case of the same study, with what was said to it."""
        copy = Assumption.objects.create(
            value_case=case, text=self.text, source_note=self.source_note, said_on=self.said_on
        )
        for answer in self.answers.order_by("pk"):
            answer.copy_to(value_case=case, assumption=copy)
        return copy


class ValueCaseLinkQuerySet(VisibleQuerySet):
    """Links to value cases."""

    def share(
        self,
        case: ValueCase,
        *,
        by: User | None,
        now: datetime,
        to: Contact | None = None,
        expires_at: datetime | None = None,
    ) -> ValueCaseLink:
        """Ask the customer to agree: open a link to the case's assumptions.

        Raises:
            ValidationError: the person is another customer's, the date has passed, or there is nothing to agree to.
        """
        if to and to.account_id not in {None, case.study.account_id}:
            raise ValidationError({"to": _("This contact belongs to another account.")})
        if expires_at is not None and expires_at <= now:
            raise ValidationError({"expires_at": _("This moment has passed.")})
        if not case.lines.exists() and not case.assumptions.exists():
            raise ValidationError(_("There is nothing to agree to yet. Add a line of value first."))
        with transaction.atomic():
            link = ValueCaseLink.objects.create(value_case=case, contact=to, at=now, by=by, expires_at=expires_at)
            case.study.tell(
                "value_case.shared",
                by=by,
                at=now,
                subject=("value_case", case.pk),
                contact=to.pk if to else None,
                key=f"value_case.shared:{link.pk}",
                value_case=case.name,
                value_case_id=case.pk,
                to=str(to or case.study.account),
            )
        return link


class ValueCaseLink(Visible):
    """A private link to the assumptions of a value case; open until it expires or is closed."""

    write_area = "discovery"
    owner_paths = OF_CASE

    value_case = models.ForeignKey(ValueCase, on_delete=models.CASCADE, related_name="links")
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("to")
    )
    token = LinkTokenField()
    at = models.DateTimeField(_("sent on"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField(_("open until"), null=True, blank=True)

    objects = ValueCaseLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.value_case} → {self.contact or '–'}"

    @property
    def public_path(self) -> str:
        """The path of the page that the customer sees."""
        return reverse("discovery:agreeing_public", args=[self.token])

    def state(self, *, now: datetime) -> str:
        """`open`, `expired` or `closed`."""
        if hasattr(self, "closing"):
            return "closed"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "open"

    def close(self, *, by: User | None, now: datetime) -> None:
        """Close the link; what was said through it stays. A second time changes nothing."""
        ValueCaseLinkClosing.objects.get_or_create(link=self, defaults={"by": by, "at": now})


class ValueCaseLinkClosing(models.Model):
    """That a link to a value case was closed before its day."""

    link = models.OneToOneField(ValueCaseLink, on_delete=models.CASCADE, related_name="closing")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"× {self.link}"


class AssumptionAnswer(models.Model):
    """What somebody said to an assumption, and the figure that it was said to; never changed.

    `by` is set where one of us noted it, `link` where the customer said it themselves.
    """

    value_case = models.ForeignKey(ValueCase, on_delete=models.CASCADE, related_name="answers")
    kind = models.CharField(max_length=12, choices=PremiseKind.choices)
    line = models.ForeignKey(ValueLine, on_delete=models.CASCADE, null=True, related_name="answers")
    assumption = models.ForeignKey(Assumption, on_delete=models.CASCADE, null=True, related_name="answers")
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    basis = models.CharField(max_length=LONGEST_BASIS)
    """The figure that it was said to, as `Premise.basis` writes it."""
    note = models.TextField(blank=True, max_length=LONGEST_NOTE)
    name = models.CharField(max_length=120)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    link = models.ForeignKey(ValueCaseLink, on_delete=models.SET_NULL, null=True, related_name="answers")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["value_case", "id"], name="assumption_answer_case")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="other", assumption__isnull=False, line__isnull=True)
                | (~models.Q(kind="other") & models.Q(assumption__isnull=True, line__isnull=False)),
                name="assumption_answer_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()}"

    def copy_to(self, **into: Any) -> AssumptionAnswer:
        """Copy it to the assumption's copy in another version: it was said to a figure, and holds while that does."""
        names = ("kind", "verdict", "basis", "note", "name", "contact_id", "link_id", "by_id", "at")
        return AssumptionAnswer.objects.create(**{name: getattr(self, name) for name in names}, **into)
