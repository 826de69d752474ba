"""The score of a lead: readable rules, each with its points, and the reasons that a person can check."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from proofline.records.models.catalogue import LibraryItem

GRADES = ((60, "A"), (40, "B"), (20, "C"))
"""A lead of at least that many points has the grade; below the last it is a D."""


class Operator(models.TextChoices):
    """How a rule compares."""

    IS = "is", _("is")
    CONTAINS = "contains", _("contains")
    AT_LEAST = "at_least", _("is at least")
    AT_MOST = "at_most", _("is at most")
    GIVEN = "given", _("is given")
    MISSING = "missing", _("is missing")


class Field(models.TextChoices):
    """What a rule looks at."""

    SECTOR = "sector", _("industry")
    EMPLOYEES = "employees", _("employees")
    TITLE = "title", _("job title")
    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")
    COMPANY = "company", _("company")
    LOCATION = "location", _("location")
    SOURCE = "source", _("source")
    CAMPAIGN = "utm_campaign", _("campaign")
    VISITS = "visits", _("visits")
    SECONDS = "seconds_on_site", _("seconds on the website")
    MESSAGE = "message", _("message")


NUMBERS = {Field.EMPLOYEES, Field.VISITS, Field.SECONDS}


@dataclass(frozen=True)
class Reason:
    """One rule that a lead meets."""

    rule: ScoreRule

    @property
    def points(self) -> int:
        """The points that the rule gives or takes."""
        return self.rule.points


class ScoreRule(LibraryItem):
    """A rule such as "employees is at least 100: +20"."""

    write_area = "reach"

    field = models.CharField(_("field"), max_length=40, choices=Field.choices)
    operator = models.CharField(_("comparison"), max_length=10, choices=Operator.choices)
    value = models.CharField(_("value"), max_length=200, blank=True)
    points = models.SmallIntegerField(_("points"), help_text=_("Negative points are taken away."))

    def __str__(self) -> str:
        value = f" “{self.value}”" if self.value else ""
        return f"{self.get_field_display()} {self.get_operator_display()}{value}"

    def clean(self) -> None:
        """Check that the value fits the comparison."""
        if self.operator in {Operator.GIVEN, Operator.MISSING}:
            self.value = ""
        elif not self.value.strip():
            raise ValidationError({"value": _("Say what to compare with.")})
        if self.operator in {Operator.AT_LEAST, Operator.AT_MOST}:
            if self.field not in NUMBERS:
                raise ValidationError({"operator": _("Only numbers can be at least or at most something.")})
            if _number(self.value) is None:
                raise ValidationError({"value": _("Write a number, such as 100.")})

    def holds(self, lead: Any) -> bool:
        """Tell whether the lead meets the rule."""
        actual = getattr(lead, self.field)
        text = "" if actual is None else str(actual).strip().casefold()
        wanted = self.value.strip().casefold()
        match self.operator:
            case Operator.GIVEN:
                return text != ""
            case Operator.MISSING:
                return text == ""
            case Operator.IS:
                return text == wanted
            case Operator.CONTAINS:
                return any(word and word in text for word in (part.strip() for part in wanted.split("|")))
        number, limit = _number(text), _number(wanted)
        if number is None or limit is None:
            return False
        return number >= limit if self.operator == Operator.AT_LEAST else number <= limit


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


class Scored(models.Model):
    """A lead's score, its grade and the reasons for them."""

    score = models.SmallIntegerField(_("score"), default=0, editable=False)
    grade = models.CharField(_("grade"), max_length=1, default="D", editable=False)

    class Meta:
        abstract = True

    def score_reasons(self, rules: list[ScoreRule] | None = None) -> list[Reason]:
        """Return the rules that hold, the weightiest first."""
        rules = list(ScoreRule.objects.all()) if rules is None else rules
        return [Reason(rule) for rule in sorted(rules, key=lambda rule: -abs(rule.points)) if rule.holds(self)]

    def compute_score(self, rules: list[ScoreRule] | None = None) -> None:
        """Set score and grade from the rules, without saving."""
        self.score = sum(reason.points for reason in self.score_reasons(rules))
        self.grade = next((grade for least, grade in GRADES if self.score >= least), "D")

    def rescore(self, rules: list[ScoreRule] | None = None) -> None:
        """Score again and keep the result."""
        before = (self.score, self.grade)
        self.compute_score(rules)
        if (self.score, self.grade) != before:
            self.save(update_fields=["score", "grade"])
