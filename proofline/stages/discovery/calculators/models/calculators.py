"""Calculators: what is asked and reckoned, published and withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from proofline.kit.addresses import record_address
from proofline.kit.links import LinkTokenField
from proofline.kit.money import CurrencyField
from proofline.records.models import Product, User, Workspace
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.stages.discovery.calculators import asks, origins
from proofline.stages.discovery.questionnaires.content import LANGUAGES
from proofline.timeline import facts

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.stages.discovery.calculators.asks import Ask
    from proofline.stages.discovery.calculators.models.lines import CalculatorLine

AMOUNT = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10**9)))
SEAT_PRICE = (MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(10**6)))
SUFFIXES = {"en": "en", "zh-hans": "zh"}
MOST_LINES = 12


class NotPublishableError(ValidationError):
    """The calculator can't be published yet; says what is missing."""


class CalculatorQuerySet(LibraryQuerySet):
    """Calculators: the company's, for everybody to read."""

    def begin(self, *, by: User | None, now: datetime, **fields: Any) -> Calculator:
        """Begin a calculator, in the workspace's currency unless told otherwise.

        Raises:
            ValidationError: a field is not valid.
        """
        fields["currency"] = fields.get("currency") or Workspace.current().currency
        made: Calculator = self.add(by=by, now=now, created_at=now, created_by=by, **fields)
        return made

    def published(self) -> Self:
        """Keep those that visitors reach."""
        open_one = CalculatorPublication.objects.filter(calculator=OuterRef("pk"), withdrawal=None)
        return self.filter(Exists(open_one))


class Calculator(LibraryItem):
    """A page on which visitors reckon what our product is worth to them. Changes show at once."""

    write_area = "discovery"

    class Asks(models.TextChoices):
        AFTER = "after", _("after the result")
        BEFORE = "before", _("before the result")
        NEVER = "never", _("never")

    name = models.CharField(_("name"), max_length=160, help_text=_("Among us; visitors read the title."))
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=160, blank=True)
    intro_en = models.TextField(_("introduction in English"), max_length=1000, blank=True)
    intro_zh = models.TextField(_("introduction in Chinese"), max_length=1000, blank=True)
    currency = CurrencyField(_("currency"))
    investment_once = models.DecimalField(
        _("investment once"), max_digits=18, decimal_places=2, default=0, validators=AMOUNT
    )
    investment_monthly = models.DecimalField(
        _("investment a month"), max_digits=18, decimal_places=2, default=0, validators=AMOUNT
    )
    seat_price = models.DecimalField(
        _("a month for each seat"), max_digits=18, decimal_places=2, default=0, validators=SEAT_PRICE
    )
    seats = models.JSONField(default=dict, blank=True, editable=False)
    """How many seats, as `asks.Ask`; empty where none is paid for."""
    asks_contact = models.CharField(
        _("ask for name and e-mail"), max_length=8, choices=Asks.choices, default=Asks.AFTER
    )
    asks_company = models.BooleanField(_("ask for the company"), default=True)
    consent_en = models.CharField(_("consent in English"), max_length=400, blank=True)
    consent_zh = models.CharField(_("consent in Chinese"), max_length=400, blank=True)
    origins = models.JSONField(default=list, blank=True, editable=False)
    """The websites that may show it."""
    source = models.CharField(_("source"), max_length=120, blank=True, help_text=_("Used when the link names none."))
    product = models.ForeignKey(
        Product, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    owner = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("leads go to")
    )
    token = LinkTokenField()
    created_at = models.DateTimeField(_("begun on"), editable=False)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    objects: ClassVar[Any] = CalculatorQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return record_address("discovery:calculator", self.pk)

    @property
    def public_path(self) -> str:
        """The path of the page that visitors see."""
        return reverse("discovery:calculator_public", args=[self.token])

    @property
    def languages(self) -> list[str]:
        """The languages that it speaks: those of its titles."""
        return [code for code in LANGUAGES if getattr(self, f"title_{SUFFIXES[code]}")]

    def say(self, what: str, language: str) -> str:
        """Return its title, introduction or consent in a language."""
        return str(getattr(self, f"{what}_{SUFFIXES[language]}"))

    @property
    def seats_ask(self) -> Ask | None:
        """How many seats are paid for; None where none is."""
        return asks.read({"seats": self.seats})["seats"] if self.seats and self.seat_price else None

    @property
    def ordered_lines(self) -> list[CalculatorLine]:
        """The lines in their order."""
        return sorted(self.lines.all(), key=lambda line: (line.position, line.pk))

    def clean(self) -> None:
        """Refuse a calculator without a title, with other units than its lines, with seats that make no sense."""
        if not self.languages:
            raise ValidationError({"title_en": _("Write the title in English, in Chinese, or in both.")})
        before = Calculator.objects.filter(pk=self.pk).values_list("currency", flat=True).first() if self.pk else None
        if before and before != self.currency and self.lines.exists():
            message = _("The lines are in %(currency)s; begin a new calculator instead.")
            raise ValidationError({"currency": message % {"currency": before}})
        if self.seat_price and not self.seats:
            raise ValidationError({"seats": _("Say how many seats, or ask the visitor.")})
        if self.seats:
            kept = asks.read({"seats": self.seats})
            if found := asks.faults("seats", kept["seats"]):
                raise ValidationError(found)
            self.seats = asks.plain(kept)["seats"]
        self.origins = origins.read("\n".join(map(str, self.origins)))

    @property
    def problems(self) -> list[str]:
        """What keeps it from being published."""
        lines = self.ordered_lines
        found: list[object] = []
        if not lines:
            found.append(_("It calculates nothing yet: add a line."))
        elif not any(line.is_in_money for line in lines):
            found.append(_("No line is worth money yet: say what an hour costs."))
        if lines and not any(ask.asked for line in lines for ask in line.asks.values()):
            found.append(_("It asks nothing yet: let the visitor say at least one number."))
        for language in self.languages:
            missing = [line for line in lines if not line.say("name", language)]
            if missing:
                message = ngettext(
                    "%(count)s line has no name in %(language)s.", "%(count)s lines have no name in %(language)s.", len(missing)
                )  # fmt: skip
                found.append(message % {"count": len(missing), "language": LANGUAGES[language]})
        if len(self.languages) > 1 and bool(self.consent_en) != bool(self.consent_zh):
            found.append(_("The consent is written in one language only."))
        return [str(one) for one in found]

    @property
    def publication(self) -> CalculatorPublication | None:
        """Its publication that still holds; None where visitors do not reach it."""
        held: CalculatorPublication | None = self.publications.filter(withdrawal=None).first()
        return held

    def publish(self, *, by: User | None, now: datetime) -> CalculatorPublication:
        """Let visitors reach it. A second time changes nothing.

        Raises:
            NotPublishableError: something is missing; says what.
        """
        with transaction.atomic():
            Calculator.objects.select_for_update().get(pk=self.pk)
            held = self.publication
            if held is not None:
                return held
            if found := self.problems:
                raise NotPublishableError(found)
            made = CalculatorPublication.objects.create(calculator=self, by=by, at=now)
            self.tell("calculator.published", by=by, at=now)
        return made

    def withdraw(self, *, by: User | None, now: datetime) -> None:
        """Close its page; what was reckoned stays. A second time changes nothing."""
        with transaction.atomic():
            Calculator.objects.select_for_update().get(pk=self.pk)
            held = self.publication
            if held is not None:
                CalculatorWithdrawal.objects.create(publication=held, by=by, at=now)
                self.tell("calculator.withdrawn", by=by, at=now)

    def tell(self, fact: str, *, by: User | None, at: datetime, **properties: Any) -> None:
        """Record a fact of this calculator."""
        said = {"calculator": self.name, "calculator_id": self.pk, **properties}
        facts.record(fact, at=at, by=by.pk if by else None, subject=("calculator", self.pk), properties=said)


class CalculatorPublication(models.Model):
    """That a calculator was published: by whom and when."""

    calculator = models.ForeignKey(Calculator, on_delete=models.CASCADE, related_name="publications")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.calculator}: {self.at:%Y-%m-%d}"


class CalculatorWithdrawal(models.Model):
    """That a publication ended."""

    publication = models.OneToOneField(CalculatorPublication, on_delete=models.CASCADE, related_name="withdrawal")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"× {self.publication}"
