"""Rules that read a need out of behaviour: "opens data analysis five times in a month: may need data management"."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models import Module, Pain
from proofline.records.models.catalogue import LibraryItem, LibraryQuerySet
from proofline.timeline.watched import WatchedRule
from proofline.timeline.watches import Operator, Per, Watch, conditions, number_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_CONDITIONS = 3
LONGEST_TEXT = 200
MOST_DAYS = 365
DAYS = [MinValueValidator(1), MaxValueValidator(MOST_DAYS)]
FORBIDDEN = "`\0"
"""What can't stand in the name of a property."""


class SignalRuleQuerySet(LibraryQuerySet):
    """Rules that raise signals."""

    def active(self) -> Self:
        """Keep the rules that raise any."""
        return self.filter(active=True)


class SignalRule(WatchedRule, LibraryItem):
    """When somebody does this so often, they may need that."""

    Per = Per
    Operator = Operator

    write_area = "reach"

    name = models.CharField(_("what they do"), max_length=120, help_text=_("Such as: browses data analysis often"))
    need = models.CharField(_("what they may need"), max_length=200, help_text=_("Such as: may need data management"))
    pain = models.ForeignKey(
        Pain, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("pain")
    )
    module = models.ForeignKey(
        Module, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("module")
    )
    event = models.CharField(_("event"), max_length=120, default="Page Viewed")
    conditions = models.JSONField(_("conditions"), default=list, blank=True)
    """Up to three of `{"property", "operator", "value"}`; all of them have to hold."""
    times = models.PositiveSmallIntegerField(_("how many times"), default=3, validators=[MinValueValidator(1)])
    window_days = models.PositiveSmallIntegerField(_("within days"), default=30, validators=DAYS)
    per = models.CharField(_("counted per"), max_length=10, choices=Per.choices, default=Per.PERSON)
    period_days = models.PositiveSmallIntegerField(_("days until it is raised again"), default=30, validators=DAYS)
    active = models.BooleanField(_("active"), default=True)

    objects: ClassVar = SignalRuleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.statement

    @property
    def statement(self) -> str:
        """The need in words, with the behaviour that speaks for it."""
        return f"{self.name}: {self.need}"

    def clean(self) -> None:
        """Check that the rule can ever be met."""
        self.conditions = [one for one in read_conditions(self.conditions) if one["property"]]
        if len(self.conditions) > MOST_CONDITIONS:
            raise ValidationError({"conditions": _("Three conditions are the most.")})

    def said_conditions(self) -> Iterator[str]:
        """Yield the conditions in words."""
        for one in self.conditions:
            value = "" if one["operator"] == Operator.ANY else f" “{one['value']}”"
            yield f"{one['property']} {Operator(one['operator']).label}{value}"

    def watch(self) -> Watch:
        """Return what the timeline watches for."""
        return Watch(
            key=f"signal-rule:{self.pk}",
            rule=self.pk,
            event=self.event,
            conditions=conditions(*((one["property"], one["operator"], one["value"]) for one in self.conditions)),
            times=self.times,
            window=timedelta(days=self.window_days),
            per=self.per,
            period=timedelta(days=self.period_days),
        )


def read_conditions(given: Any) -> Iterator[dict[str, str]]:
    """Yield the conditions that were written, in the form in which they are kept.

    Raises:
        ValidationError: they are no conditions, or one of them can never hold.
    """
    if not isinstance(given, list):
        raise ValidationError({"conditions": _("Conditions are a list of property, operator and value.")})
    for one in given:
        said = one if isinstance(one, dict) else {}
        name, operator, value = (str(said.get(key) or "").strip() for key in ("property", "operator", "value"))
        if (
            operator not in Operator.values
            or any(odd in name + value for odd in FORBIDDEN)
            or len(name + value) > LONGEST_TEXT
        ):
            raise ValidationError({"conditions": _("Conditions are a list of property, operator and value.")})
        if name and operator != Operator.ANY and not value:
            raise ValidationError({"conditions": _("Say what to compare with.")})
        if name and operator in {Operator.MORE, Operator.LESS} and number_of(value) is None:
            raise ValidationError({"conditions": _("Write a number, such as 100.")})
        yield {"property": name, "operator": operator, "value": value}
