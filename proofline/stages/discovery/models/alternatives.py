"""What a customer uses instead of us, or looks at beside us: a product, a spreadsheet, paper, or nothing at all."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit.adding import adding
from proofline.kit.addresses import record_address
from proofline.kit.money import CurrencyField, Money
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import Competitor, Contact
from proofline.records.models.changing import Changeable
from proofline.stages.discovery.models.needs import Need
from proofline.stages.discovery.models.studies import Study

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

CENT, MONTHS_A_YEAR = Decimal("0.01"), 12


class AlternativeQuerySet(VisibleQuerySet):
    """Alternatives."""

    def note(self, *, by: User | None, now: datetime, study: Study, needs: Any = (), **fields: Any) -> Alternative:
        """Note what a customer uses or looks at, with the needs that it leaves unmet, and record it.

        Raises:
            ValidationError: a field is not valid, or a need is another study's.
        """
        alternative = Alternative(study=study, noted_at=now, **fields)
        alternative.check_needs(needs)
        with adding(alternative):
            alternative.save()
            alternative.needs.set(needs)
            alternative.tell("alternative.noted", by=by, now=now)
        return alternative

    def in_order(self) -> Self:
        """Order as people compare: what is in use first, then what is looked at."""
        return self.order_by("-standing", "pk")


class Alternative(Visible, Changeable):
    """One thing that a customer uses, or could choose, instead of us."""

    write_area = "discovery"
    owner_paths = ("study__owner", "study__account__owner")

    class Standing(models.TextChoices):
        IN_USE = "in_use", _("In use")
        CONSIDERED = "considered", _("Also considered")

    class Kind(models.TextChoices):
        PRODUCT = "product", _("Another product")
        SPREADSHEET = "spreadsheet", _("Spreadsheet")
        PAPER = "paper", _("On paper")
        OWN = "own", _("Built by themselves")
        NOTHING = "nothing", _("Doing nothing")

    class Per(models.TextChoices):
        MONTH = "month", _("a month")
        YEAR = "year", _("a year")

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="alternatives")
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices, default=Standing.IN_USE)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.PRODUCT)
    competitor = models.ForeignKey(
        Competitor,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("competitor"),
        help_text=_("Brings its battle card, and counts in the win rate against it."),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    since = models.DateField(_("in use since"), null=True, blank=True)
    pays = models.DecimalField(_("they pay"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True)
    per = models.CharField(_("per"), max_length=10, choices=Per.choices, default=Per.YEAR)
    gaps = models.TextField(_("gaps"), blank=True)
    difference = models.TextField(_("our difference"), blank=True)
    needs = models.ManyToManyField(
        Need, related_name="unmet_by", blank=True, verbose_name=_("needs that it leaves unmet")
    )
    stated_by = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("said by")
    )
    noted_at = models.DateTimeField(_("noted on"))

    objects = AlternativeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["study", "id"], name="alternative_study"),
            models.Index(fields=["competitor", "-id"], name="alternative_competitor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["study", "competitor"], name="alternative_once_a_study"),
            models.CheckConstraint(
                condition=models.Q(pays=None) | models.Q(pays__gte=0), name="alternative_pays_not_negative"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="product") | ~models.Q(name=""), name="alternative_product_named"
            ),
        ]

    def __str__(self) -> str:
        if self.competitor:
            return self.competitor.name
        return self.name or str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        """Return the address of the study's part that shows it."""
        return f"{record_address('discovery:study', self.study_id)}#alternatives"

    def clean_fields(self, exclude: Any = None) -> None:
        """Name it like its competitor, so that it stays known when that is taken out of the library."""
        if self.competitor and not self.name:
            self.name = self.competitor.name
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Refuse a product without a name, a price below nothing or without its currency, and somebody else's contact."""
        if self.kind == self.Kind.PRODUCT and not self.name:
            raise ValidationError({"competitor": _("Choose the competitor, or write the product's name.")})
        if self.pays is not None and self.pays < 0:
            raise ValidationError({"pays": _("A price is written without a minus.")})
        if self.pays is not None and not self.currency:
            raise ValidationError({"currency": _("Say in which currency.")})
        if self.stated_by and self.stated_by.account_id not in {None, self.study.account_id}:
            raise ValidationError({"stated_by": _("This contact belongs to another account.")})

    def check_needs(self, needs: Any) -> None:
        """Refuse needs of another study.

        Raises:
            ValidationError: one is.
        """
        if any(need.study_id != self.study_id for need in needs):
            raise ValidationError({"needs": _("That need belongs to another customer.")})

    def change(self, *, by: User | None, now: datetime, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Set fields and record it.

        Raises:
            ValidationError: a value is not valid, or a need is another study's.
        """
        self.check_needs(values.get("needs", ()))
        if "competitor" in values and values["competitor"] != self.competitor and not values.get("name"):
            values["name"] = values["competitor"].name if values["competitor"] else self.name
        return super().change(by=by, now=now, **values)

    def tell_change(self, *, by: User | None, now: datetime, fields: list[str]) -> None:
        """Record `alternative.changed`."""
        del fields
        self.tell("alternative.changed", by=by, now=now)

    def drop(self, *, by: User | None, now: datetime) -> None:
        """Take it back, and record it."""
        with transaction.atomic():
            pk, title = self.pk, str(self)
            self.delete()
            self.tell("alternative.dropped", by=by, now=now, pk=pk, title=title)

    def tell(self, fact: str, *, by: User | None, now: datetime, pk: int | None = None, title: str = "") -> None:
        """Record a fact, with all competitors that the study faces from now on: their ids, between commas."""
        faced = Alternative.objects.filter(study=self.study_id, competitor__isnull=False).order_by("competitor")
        self.study.tell(
            fact,
            by=by,
            at=now,
            subject=("alternative", pk or self.pk),
            alternative=title or str(self),
            standing=self.standing,
            kind=self.kind,
            competitors=",".join(str(competitor) for competitor in faced.values_list("competitor", flat=True)),
        )

    @property
    def pays_a_month(self) -> Money | None:
        """What they pay in a month, None where that is not known."""
        if self.pays is None:
            return None
        months = MONTHS_A_YEAR if self.per == self.Per.YEAR else 1
        return Money((self.pays / months).quantize(CENT, ROUND_HALF_UP), self.currency).rounded()

    @property
    def price(self) -> Money | None:
        """What they pay, per month or year as it was said."""
        return None if self.pays is None else Money(self.pays, self.currency)


def alternatives_of(study: Study) -> list[Alternative]:
    """Return what a study's customer uses and considers, with the needs that each leaves unmet."""
    found = study.alternatives.in_order().select_related("competitor", "stated_by").prefetch_related("needs")
    return list(found)
