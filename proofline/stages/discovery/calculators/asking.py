"""What a visitor is asked, and their answers read: from a page, an address or JSON alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from proofline.kit import formats
from proofline.stages.discovery.calculators import asks
from proofline.stages.discovery.calculators.sheets import Sheet, SheetLine
from proofline.stages.discovery.formulas import period_text, thing_text, unit_text
from proofline.stages.discovery.roi import MOST_A_MONTH, is_too_much

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proofline.stages.discovery.calculators.asks import Ask
    from proofline.stages.discovery.models import Calculator, CalculatorLine


@dataclass(frozen=True)
class Question:
    """One number that is asked. `text` is what stands in its field: what was typed, else with what it begins."""

    key: str
    what: str
    ask: Ask
    label: str
    unit: str
    text: str
    error: str = ""

    @property
    def least(self) -> str:
        """The smallest number, as it is typed."""
        return asks.typed(self.what, self._bound(self.ask.least, asks.LIMITS[self.what].least))

    @property
    def most(self) -> str:
        """The largest number, as it is typed."""
        return asks.typed(self.what, self._bound(self.ask.most, asks.LIMITS[self.what].most))

    @property
    def hint(self) -> str:
        """Between what it lies."""
        least, most = self.ask.least, self.ask.most
        return asks.between(self.what, least, most) if least is not None and most is not None else ""

    @staticmethod
    def _bound(own: Decimal | None, limit: Decimal) -> Decimal:
        return limit if own is None else own


@dataclass(frozen=True)
class Group:
    """The questions of one line."""

    name: str
    questions: list[Question]

    def with_errors(self, errors: Mapping[str, str]) -> Group:
        """Return the group with what is wrong at each question."""
        return Group(self.name, [replace(one, error=errors.get(one.key, one.error)) for one in self.questions])


@dataclass(frozen=True)
class Asked:
    """A calculator with what was typed into it; `sheet` is None while something typed is wrong."""

    groups: list[Group]
    sheet: Sheet | None
    errors: dict[str, str]


def key_of(line: CalculatorLine, what: str) -> str:
    """Return by which name a number of a line is sent."""
    return f"line-{line.pk}-{what}"


def ask(calculator: Calculator, *, language: str, given: Mapping[str, str]) -> Asked:
    """Read what is given; what is left out has the value with which it begins."""
    errors: dict[str, str] = {}
    groups, lines = [], []
    for line in calculator.ordered_lines:
        name = line.say("name", language) or str(line)
        values = {}
        questions = []
        for what, one in line.asks.items():
            key = key_of(line, what)
            values[what] = _value(what, one, key, given, errors)
            if one.asked:
                label = _label(one, language) or usual_label(what, line, calculator.currency)
                questions.append(
                    _question(key, what, one, label, _unit(what, line, calculator.currency), given, errors)
                )
        if questions:
            groups.append(Group(name, questions))
        lines.append(_line(line, name, values))
    seats = calculator.seats_ask
    count = _value("seats", seats, "seats", given, errors) if seats else None
    if seats and seats.asked:
        label = _label(seats, language) or _("How many seats?")
        groups.append(Group(_("Investment"), [_question("seats", "seats", seats, label, "", given, errors)]))
    if not errors:
        errors |= _too_much(calculator, lines)
        groups = [group.with_errors(errors) for group in groups] if errors else groups
    sheet = None if errors else _sheet(calculator, lines, count)
    return Asked(groups, sheet, errors)


def _too_much(calculator: Calculator, lines: list[SheetLine]) -> dict[str, str]:
    """Return what is wrong when the numbers are worth more than we reckon with, at the first number of the largest line that is asked."""
    currency = calculator.currency
    worths = [line.reckoned(line.high).monthly(currency=currency) or Fraction(0) for line in lines]
    if not is_too_much(*worths):
        return {}
    text = _("Together this is worth more than %(most)s a month; write smaller numbers.")
    pairs = sorted(zip(worths, calculator.ordered_lines, strict=True), key=lambda pair: -pair[0])
    keys = [key_of(line, what) for _worth, line in pairs for what, one in line.asks.items() if one.asked]
    return {(keys or [""])[0]: text % {"most": formats.money(MOST_A_MONTH, currency)}}


def _sheet(calculator: Calculator, lines: list[SheetLine], seats: Decimal | None) -> Sheet:
    monthly = calculator.investment_monthly + calculator.seat_price * (seats or 0)
    count = None if seats is None else int(seats)
    return Sheet(calculator.currency, calculator.investment_once, monthly, tuple(lines), count)


def _value(what: str, one: Ask, key: str, given: Mapping[str, str], errors: dict[str, str]) -> Decimal:
    """Return the number, and note what is wrong with it; what is fixed can't be given."""
    if not one.asked or key not in given:
        return one.value
    try:
        return asks.number(what, one, given[key])
    except ValueError as error:
        errors[key] = str(error)
        return one.value


def _question(
    key: str, what: str, one: Ask, label: str, unit: str, given: Mapping[str, str], errors: Mapping[str, str]
) -> Question:
    text = given[key][:200] if key in given else asks.typed(what, one.value)
    return Question(key, what, one, label, unit, text, errors.get(key, ""))


def _line(line: CalculatorLine, name: str, values: dict[str, Decimal]) -> SheetLine:
    """Put a line together; what a visitor expects stands between what the calculator reckons with."""
    improvement = line.asks["improvement"]
    expected = values["improvement"]
    return SheetLine(
        name=name,
        unit=line.unit,
        quantity=values["quantity"],
        people=int(values["people"]),
        low=min(expected, improvement.least or Decimal(0)),
        expected=expected,
        high=max(expected, improvement.most or Decimal(0)),
        rate=values.get("rate"),
        rate_per=line.parsed_unit.thing if "rate" in values else "",
        metric=line.metric_id,
        pain=line.pain_id,
        asked=tuple(what for what, one in line.asks.items() if one.asked),
    )


def _label(one: Ask, language: str) -> str:
    return one.label_zh if language == "zh-hans" else one.label_en


def usual_label(what: str, line: CalculatorLine, currency: str) -> str:
    """Return what is asked where the calculator has no words of its own."""
    thing = line.parsed_unit.thing
    if what == "quantity" and line.parsed_unit.is_money:
        return _("How much a %(period)s?") % {"period": period_text(line.parsed_unit.period)}
    if what == "quantity":
        each = line.asks["people"].asked or line.asks["people"].value > 1
        text = (
            _("How much does it take each of them, in %(unit)s?") if each else _("How much does it take, in %(unit)s?")
        )
        return text % {"unit": unit_text(line.unit)}
    if what == "people":
        return _("How many people does it concern?")
    if what == "improvement":
        return _("How much of it could go away?")
    values = {"thing": thing_text(thing), "currency": currency}
    return _("What does an hour cost?") if thing == "h" else _("What does each of %(thing)s cost?") % values


def _unit(what: str, line: CalculatorLine, currency: str) -> str:
    if what == "quantity":
        return unit_text(line.unit)
    if what == "improvement":
        return "%"
    return f"{currency}/{thing_text(line.parsed_unit.thing)}" if what == "rate" else ""
