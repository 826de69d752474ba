"""Needs: what the customer says on the surface, what lies deep below it, and what it costs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit import formats
from proofline.kit.adding import adding
from proofline.kit.money import CurrencyField, OptionalMoneyProperty
from proofline.kit.prepared import Prepared
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Contact, Pain
from proofline.records.models.changing import Changeable
from proofline.stages.discovery.models.studies import Study

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self

    from proofline.records.models import User


class NeedQuerySet(VisibleQuerySet):
    """Needs."""

    def record(self, *, by: User | None, now: datetime, study: Study, **fields: Any) -> Need:
        """Note a need and record it.

        Raises:
            ValidationError: a field is not valid.
        """
        need = Need(study=study, **{"stated_at": now, **fields})
        with adding(need):
            need.save()
            study.tell(
                "need.recorded",
                by=by,
                at=now,
                subject=("need", need.pk),
                contact=need.stated_by_id,
                key=f"need.recorded:{need.pk}",
                text=need.text,
                kind=need.kind,
                pain=str(need.pain or ""),
            )
        return need

    def roots(self) -> Self:
        """Keep the needs from which a chain of whys begins."""
        return self.filter(because_of=None)


class Need(Visible, Changeable):
    """What the customer needs. A deep need stands behind a surface need (`because_of`), and ends in a business loss."""

    write_area = "discovery"
    owner_paths = ("study__owner", "study__account__owner")

    class Kind(models.TextChoices):
        SURFACE = "surface", _("surface need")
        DEEP = "deep", _("deep need")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="needs")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.SURFACE)
    text = models.CharField(_("need"), max_length=500)
    because_of = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="reasons",
        verbose_name=_("explains the need"),
    )
    pain = models.ForeignKey(
        Pain, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pain")
    )
    loss = models.CharField(_("business loss"), max_length=500, blank=True)
    loss_amount = models.DecimalField(
        _("loss a month"),
        max_digits=18,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("As the customer puts it."),
    )
    loss_currency = CurrencyField(_("currency"), blank=True)
    stated_by = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )
    stated_at = models.DateTimeField(_("said on"))
    answer = models.ForeignKey(
        "discovery.Answer", on_delete=models.SET_NULL, null=True, blank=True, related_name="needs", editable=False
    )
    """The answer of a questionnaire that it was read from; `answer_option` is the option that means it, "" for the whole answer."""
    answer_option = models.CharField(max_length=40, blank=True, editable=False)
    note = models.OneToOneField(
        "discovery.InterviewNote", on_delete=models.SET_NULL, null=True, blank=True, related_name="need", editable=False
    )
    """The note of an interview that it was made of."""
    evidence = models.CharField(_("what shows it"), max_length=500, blank=True)
    telemetry = models.CharField(max_length=160, blank=True, editable=False)
    """The finding in their use of the product that it was noted from (see `discovery.telemetry`)."""

    loss_a_month = OptionalMoneyProperty("loss_amount", "loss_currency")
    objects = NeedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["study", "id"], name="need_study")]
        constraints = [
            models.UniqueConstraint(fields=["answer", "answer_option"], name="need_once_of_an_answer"),
            models.UniqueConstraint(
                fields=["study", "telemetry"], condition=~models.Q(telemetry=""), name="need_once_from_a_finding"
            ),
            models.CheckConstraint(condition=~models.Q(because_of=models.F("pk")), name="need_not_its_own_reason"),
            models.CheckConstraint(
                condition=models.Q(loss_amount=None) | models.Q(loss_amount__gte=0), name="need_loss_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Refuse a circle of whys, a need of another study, and an amount without its currency."""
        seen, above = set(), self.because_of
        while above is not None and above.pk not in seen:
            if above.pk == self.pk:
                raise ValidationError({"because_of": _("A need can't be its own reason.")})
            seen.add(above.pk)
            above = above.because_of
        if self.because_of and self.because_of.study_id != self.study_id:
            raise ValidationError({"because_of": _("That need belongs to another customer.")})
        if self.stated_by and self.stated_by.account_id not in {None, self.study.account_id}:
            raise ValidationError({"stated_by": _("This contact belongs to another account.")})
        if self.loss_amount is not None and self.loss_amount < 0:
            raise ValidationError({"loss_amount": _("A loss is written without a minus.")})
        if self.loss_amount is not None and not self.loss_currency:
            raise ValidationError({"loss_currency": _("Say in which currency.")})

    @property
    def loss_text(self) -> str:
        """The loss, in words and money."""
        money = self.loss_a_month
        amount = gettext("%(money)s a month") % {"money": formats.money(money)} if money else ""
        return " · ".join(part for part in (self.loss, amount) if part)

    def remove(self) -> None:
        """Take back the need, with what lies below it. Value lines that named it stay."""
        self.delete()


class Chain:
    """A need with the whys below it, for showing."""

    def __init__(self, need: Need, reasons: list[Chain]) -> None:
        self.need = need
        self.reasons = reasons


_of_study: Prepared[Need] = Prepared(
    lambda study: (
        Need.objects.filter(study_id=study).select_related("pain", "stated_by", "answer", "note").order_by("pk")
    )
)


def needs_of(study: Study) -> list[Need]:
    """Return the needs of a study in the order in which they were noted, with what is shown of them."""
    found = _of_study(study.pk)
    for need in found:
        need.study = study
    return found


def chains(study: Study) -> list[Chain]:
    """Return the study's needs as chains from surface to deep, in the order in which they were noted."""
    below: dict[int | None, list[Need]] = {}
    for need in needs_of(study):
        below.setdefault(need.because_of_id, []).append(need)

    def grow(parent: int | None) -> list[Chain]:
        return [Chain(need, grow(need.pk)) for need in below.get(parent, [])]

    return grow(None)
