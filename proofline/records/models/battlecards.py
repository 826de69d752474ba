"""Battle cards: what to say against a competitor, each claim with its proof and the day on which somebody last checked it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proofline.kit.addresses import record_address
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet, Module, Pain
from proofline.records.models.people import User
from proofline.records.models.workspace import Workspace
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import date, datetime

    from proofline.records.models.library import Evidence


class Answer(models.TextChoices):
    """Whether something can be done with a product."""

    YES = "yes", pgettext_lazy("can they do it", "Yes")
    PARTLY = "partly", _("Partly")
    NO = "no", pgettext_lazy("can they do it", "No")
    NUMBER = "number", pgettext_lazy("can they do it", "Number")


def check_figure(*, answer: str, figure: str) -> None:
    """Refuse a number that is not said, and one beside a plain answer.

    Raises:
        ValidationError: for the field `figure`.
    """
    if (answer == Answer.NUMBER) != bool(figure):
        raise ValidationError(
            {
                "figure": _("Write the number, such as “3 h a week”.")
                if answer == Answer.NUMBER
                else _("Choose “Number”.")
            }
        )


def stale_before(today: date) -> date:
    """Return the day before which a check is too old, as the workspace has it."""
    return today - timedelta(days=Workspace.current().card_days)


class CompetitorQuerySet(LibraryQuerySet):
    """Competitors."""

    def stale(self, *, today: date) -> Self:
        """Keep those whose card, or a claim on it, nobody has checked for too long."""
        return self.filter(is_stale(today))


def is_stale(today: date) -> Q:
    """Return what tells that the card of a competitor, or a claim on it, was not checked for too long."""
    before = stale_before(today)
    old = Claim.objects.filter(competitor=OuterRef("pk"), checked_on__lt=before)
    return Q(checked_on=None) | Q(checked_on__lt=before) | Q(Exists(old))


class BattleCard(LibraryItem):
    """What makes a competitor's record a battle card: who looks after it, and when it was last checked."""

    owner = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("looked after by"),
        help_text=_("Is reminded when the card has not been checked for long."),
    )
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    objects: ClassVar[Any] = CompetitorQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_stale(self, *, today: date) -> bool:
        """Tell whether the card, or a claim on it, was not checked for too long."""
        before = stale_before(today)
        days = [self.checked_on, *(claim.checked_on for claim in self.claims.all())]  # type: ignore[attr-defined]
        return any(day is None or day < before for day in days)

    def confirm(self, *, by: User | None, now: datetime, today: date) -> None:
        """Note that all that the card says was checked, and is still true."""
        with transaction.atomic():
            self.change(by=by, now=now, checked_on=today)
            self.claims.exclude(checked_on=today).update(checked_on=today, changed_at=now)  # type: ignore[attr-defined]
            facts.record(
                "competitor.checked",
                at=now,
                by=by.pk if by else None,
                subject=("competitor", self.pk),
                properties={"competitor": str(self)},
            )


class Claim(LibraryItem):
    """One thing that a battle card says of a competitor; what eases a pain or a module does is compared by `answer`."""

    class Kind(models.TextChoices):
        WIN = "win", _("How we win")
        LOSE = "lose", _("When they win")
        ASK = "ask", _("Questions to ask")
        CAN = "can", _("What they can do")

    competitor = models.ForeignKey("records.Competitor", on_delete=models.CASCADE, related_name="claims")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.WIN)
    text = models.CharField(_("claim"), max_length=500)
    pain = models.ForeignKey(
        Pain, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("about the pain")
    )
    module = models.ForeignKey(
        Module, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("about our module")
    )
    answer = models.CharField(
        _("can they do it"),
        max_length=10,
        blank=True,
        choices=Answer.choices,
        help_text=_("Fills in their column where a comparison has this pain or module."),
    )
    figure = models.CharField(_("their number"), max_length=40, blank=True)
    evidence: models.ForeignKey[Evidence | None, Evidence | None] = models.ForeignKey(
        "records.Evidence", on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    source_url = models.URLField(_("link to the proof"), blank=True)
    checked_on = models.DateField(_("checked on"))

    class Meta:
        indexes = [models.Index(fields=["competitor", "kind", "id"], name="claim_competitor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer=Answer.NUMBER) & ~Q(figure="") | ~Q(answer=Answer.NUMBER) & Q(figure=""),
                name="claim_figure_with_number",
            )
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Return the address of the card that it stands on."""
        return record_address("records:competitor", self.competitor_id)

    def clean(self) -> None:
        """Refuse a number that is not said."""
        check_figure(answer=self.answer, figure=self.figure)

    @property
    def is_proven(self) -> bool:
        """Whether anything shows that it is true."""
        return bool(self.evidence_id or self.source_url)

    @property
    def answer_text(self) -> str:
        """What they can do, written: "Partly", or the number."""
        return self.figure or (str(self.get_answer_display()) if self.answer else "")


def card_of(competitor: Any) -> list[tuple[Claim.Kind, list[Claim]]]:
    """Return the claims of a card by kind, in the order in which they were written; a kind without claims too."""
    claims = list(competitor.claims.select_related("pain", "module", "evidence").order_by("pk"))
    return [(kind, [claim for claim in claims if claim.kind == kind]) for kind in Claim.Kind]
